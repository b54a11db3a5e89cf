/** A folder's name, or a title, as a name that a definition takes. */
export function applicationName(text: string): string {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "");
  return name === "" ? "application" : name.slice(0, 40);
}
