/** What a notebook needs in its environment besides its own packages. */
export const notebookPackages: readonly string[] = ["nbclient", "ipykernel"];
