import { openSync, writeSync } from "node:fs";
import type { LoggedBatch } from "../runner.ts";
import type { LoggedLine, RemoteEnd } from "./logged-lines.ts";

/** Writes what a step logs and how it ends into a file, a JSON document a line, each with one call of the system. */
export class LoggedWriter {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, "a");
  }

  metric({ value, ...rest }: LoggedBatch["metrics"][number]): void {
    // JSON has no word for NaN and the infinities.
    this.#write({ kind: "metric", ...rest, value: Number.isFinite(value) ? value : String(value) });
  }

  tag(tag: LoggedBatch["tags"][number]): void {
    this.#write({ kind: "tag", ...tag });
  }

  end(result: RemoteEnd): void {
    this.#write({ kind: "end", result });
  }

  #write(line: LoggedLine): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }
}
