import type { ExitCode } from "./exit-code.ts";
import type { Output } from "./output.ts";

/** One call of a command. */
export interface Call {
  readonly arguments: readonly (string | undefined)[];
  /** By the long name in camel case; read with `readOptions`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Where it was called, or what `-C` says (absolute). */
  readonly directory: string;
  /** URL of a server elsewhere that is asked in the place of the owner here; "" for none. */
  readonly server: string;
  readonly output: Output;
}

export type CommandFunction = (call: Call) => Promise<ExitCode>;

export interface OptionRow {
  /** Such as `-f, --follow` or `--param <name=value>`. */
  readonly flags: string;
  readonly description: string;
  /** It may be given more than once; its value is a list. */
  readonly repeat?: true;
}

/** A row of the command table. Only its `load` brings the command's code in. */
export interface CommandRow {
  readonly name: string;
  /** Such as `<run> [tasks...]`; the last may be variadic. */
  readonly arguments?: string;
  /** What each argument is, in their order. */
  readonly about?: readonly string[];
  readonly summary: string;
  readonly options?: readonly OptionRow[];
  readonly load: () => Promise<{ readonly command: CommandFunction }>;
}
