import type { LogStream } from "../runners/log/attempt-log.ts";
import { frameHeaderBytes, streams } from "../shim/protocol.ts";
import { requestError } from "./refusal.ts";

/** Puts frames of a shim's log into the log of its attempt: each once, in the order in which they were written. */
export class LogFrames {
  readonly #streams: readonly LogStream[];
  #taken: number | null;
  #ended = false;

  /** `taken`: how many bytes an earlier owner has taken; null: as many as the next frames say. */
  constructor(open: () => LogStream, taken: number | null) {
    this.#streams = streams.map(open);
    this.#taken = taken;
  }

  /** Takes whole frames that begin after so many bytes. Errors: SCANFLOW_GATEWAY_REQUEST. */
  take(from: number, frames: Buffer): void {
    const taken = this.#taken ?? from;
    if (this.#ended || from + frames.length <= taken) return;
    if (from !== taken) throw requestError(`The frames begin at ${from} and not at ${taken}`);
    for (const { stream, content } of readFrames(frames)) this.#streams[stream]?.write(content);
    this.#taken = taken + frames.length;
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const stream of this.#streams) stream.end();
  }
}

/** All of them are looked at before one is written. */
function readFrames(bytes: Buffer): { stream: number; content: Buffer }[] {
  const frames: { stream: number; content: Buffer }[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + frameHeaderBytes > bytes.length) throw requestError("A frame of the log is cut off");
    const stream = bytes.readUInt8(at);
    const length = bytes.readUInt32BE(at + 1);
    const begin = at + frameHeaderBytes;
    if (stream >= streams.length || begin + length > bytes.length)
      throw requestError("A frame of the log is broken");
    frames.push({ stream, content: bytes.subarray(begin, begin + length) });
    at = begin + length;
  }
  return frames;
}
