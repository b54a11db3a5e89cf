import type { CommanderError } from "commander";

/** Of a wrong command line. It is an error like others, without the package where theirs is defined. */
export function usageError({ message, code }: CommanderError): Error {
  const text = message
    .replace(/^error: /, "")
    .replace(/\s*\n\s*/g, " ")
    .replace(/\.?$/, ".");
  const glob =
    code === "commander.excessArguments"
      ? " Put a glob in quotes; npx writes it out even so: call scanflow itself."
      : "";
  return codedUsageError(`${text}${glob} See "scanflow --help".`);
}

export function codedUsageError(message: string): Error {
  return Object.assign(new Error(message), { code: "SCANFLOW_USAGE" });
}
