import { StringDecoder } from "node:string_decoder";
import { LoggedLines, type RemoteEnd } from "../runners/function/logged-lines.ts";
import type { LoggedBatch } from "../runners/runner.ts";
import { requestError } from "./refusal.ts";

/** What a function step logs, in pieces as its shim sends them: each counts once. */
export class LoggedPieces {
  readonly #lines: LoggedLines;
  /** A piece may end within a character. */
  #text = new StringDecoder("utf8");
  /** null: as much as the next piece says. */
  #taken: number | null = 0;

  constructor(logged: (batch: LoggedBatch) => void) {
    this.#lines = new LoggedLines(logged);
  }

  /** How the step said that it ended. */
  get end(): RemoteEnd | undefined {
    return this.#lines.end;
  }

  /** Another sends from now on: from the beginning, or (null) from where an earlier owner was. */
  restart(taken: 0 | null): void {
    this.#taken = taken;
    this.#text = new StringDecoder("utf8");
    // What was begun of a line is no beginning of what comes now.
    this.#lines.write("\n");
  }

  /** Takes a piece that begins after so many bytes, as far as it is new. Errors: SCANFLOW_GATEWAY_REQUEST. */
  take(from: number, piece: Buffer): void {
    const taken = this.#taken ?? from;
    if (from + piece.length <= taken) return;
    if (from > taken) throw requestError(`The piece begins at ${from} and not at ${taken}`);
    this.#taken = from + piece.length;
    this.#lines.write(this.#text.write(piece.subarray(taken - from)));
  }

  /** The last line once more, from a shim that has told it to another owner. */
  finish(lastLine: string | null): void {
    if (this.end === undefined && lastLine !== null) this.#lines.write(`\n${lastLine}\n`);
  }
}
