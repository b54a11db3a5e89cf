import type { PerformOptions } from "../../deploy/deployers/perform.ts";
import type { Call } from "../command.ts";

/** A person sees each command and what it writes; a program hears the end alone. */
export function telling({ output }: Call): PerformOptions {
  return {
    tell: (command) => output.note(output.style("dim", `$ ${command}`)),
    write: (text) => output.note(text.replace(/\n$/, "")),
  };
}
