import { styleText } from "node:util";
import { errorCode } from "./error-code.ts";
import { printable } from "./text/width.ts";

export interface OutputOptions {
  readonly json: boolean;
  /** False: no colours, whatever the terminal can. */
  readonly color: boolean;
  readonly out?: NodeJS.WriteStream;
  readonly err?: NodeJS.WriteStream;
  readonly env?: NodeJS.ProcessEnv;
}

export type Style = Parameters<typeof styleText>[0];

/** All that commands print goes through here: results to stdout, what is about them to stderr. */
export class Output {
  readonly json: boolean;
  readonly out: NodeJS.WriteStream;
  /** Whether something was printed to stdout. */
  wrote = false;
  readonly #err: NodeJS.WriteStream;
  readonly #styled: boolean;
  readonly #debug: boolean;
  /** Whether a person watches, on a terminal where lines can be drawn again. */
  readonly terminal: boolean;

  constructor(options: OutputOptions) {
    const { json, color, out = process.stdout, err = process.stderr, env = process.env } = options;
    this.json = json;
    this.out = out;
    this.#err = err;
    this.terminal = out.isTTY === true && env.TERM !== "dumb";
    this.#styled = color && !env.NO_COLOR && (Boolean(env.FORCE_COLOR) || this.terminal);
    this.#debug = env.SCANFLOW_DEBUG === "1";
  }

  style(style: Style, text: string): string {
    return this.#styled && text !== "" ? styleText(style, text, { validateStream: false }) : text;
  }

  /** Text as it is. */
  write(text: string): void {
    this.wrote = true;
    this.out.write(text);
  }

  line(text = ""): void {
    this.write(`${text}\n`);
  }

  /** The one JSON document of a command. */
  document(value: unknown): void {
    this.line(JSON.stringify(value, null, 2));
  }

  /** What a person should know, but no program reads. */
  note(text: string): void {
    if (!this.json) this.#err.write(`${text}\n`);
  }

  /** What went wrong beside the work, and stops nothing. */
  warn(code: string, message: string): void {
    if (this.json) this.#err.write(`${JSON.stringify({ warning: { code, message } })}\n`);
    else this.#err.write(`${this.style("yellow", "warning")} ${code}: ${message}\n`);
  }

  error(error: unknown): void {
    const code = errorCode(error) ?? "SCANFLOW_INTERNAL";
    const message = error instanceof Error ? error.message : String(error);
    if (this.json) this.#err.write(`${JSON.stringify({ error: { code, message } })}\n`);
    // It may quote what others wrote, such as a column's name.
    else
      this.#err.write(
        `${this.style("red", "error")} ${code}: ${message.split("\n").map(printable).join("\n")}\n`,
      );
    if (this.#debug && error instanceof Error) this.#err.write(`${stackOf(error)}\n`);
  }
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
