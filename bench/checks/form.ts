/** How much is measured. */
export type Form = "short" | "long";
