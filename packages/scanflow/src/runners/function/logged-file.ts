import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import type { LoggedBatch } from "../runner.ts";
import { systemCode } from "../system-code.ts";
import { LoggedLines, type RemoteEnd } from "./logged-lines.ts";

const pieceBytes = 256 * 1024;

/** The file of `SCANFLOW_LOGGED_FILE`, read from this side while a step writes it: call `look` now and then, and at the end. */
export class LoggedFile {
  readonly #path: string;
  readonly #lines: LoggedLines;
  readonly #decoder = new StringDecoder("utf8");
  #position = 0;

  constructor(path: string, logged: (batch: LoggedBatch) => void) {
    this.#path = path;
    this.#lines = new LoggedLines(logged);
  }

  /** How the step ended, as far as it was read. */
  get end(): RemoteEnd | undefined {
    return this.#lines.end;
  }

  /** Reads what came since. */
  look(): void {
    const file = openOrNot(this.#path);
    if (file === undefined) return;
    try {
      for (let left = fstatSync(file).size - this.#position; left > 0; ) {
        const piece = Buffer.allocUnsafe(Math.min(left, pieceBytes));
        const read = readSync(file, piece, 0, piece.length, this.#position);
        if (read === 0) return;
        this.#position += read;
        left -= read;
        this.#lines.write(this.#decoder.write(piece.subarray(0, read)));
      }
    } finally {
      closeSync(file);
    }
  }
}

function openOrNot(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    // A link would lead this side elsewhere than where the step is.
    if (["ENOENT", "ELOOP"].includes(systemCode(error) ?? "")) return undefined;
    throw error;
  }
}
