/** Linux refuses a variable of 128 KiB or more (`MAX_ARG_STRLEN` in `execve(2)`). */
const longestVariable = 120 * 1024;

/** `variableName("INPUT", "train-set")` is `SCANFLOW_INPUT_TRAIN_SET`. */
export function variableName(kind: "INPUT" | "OUTPUT" | "PARAM" | "SERVICE", name: string): string {
  return `SCANFLOW_${kind}_${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`;
}

/** Whether a value can be handed over in a variable; longer ones are in the file of params alone. */
export function fitsVariable(value: string): boolean {
  return Buffer.byteLength(value) <= longestVariable;
}
