export type LogStreamName = "stdout" | "stderr";

/** Of a frame: which stream, three bytes of nothing, and how many bytes follow (Engine API, "Stream format"). */
const headerBytes = 8;

/** Takes apart the bytes in which a container's two output streams come together. */
export class LogFrames {
  readonly #take: (stream: LogStreamName, chunk: Buffer) => void;
  #held: Buffer = Buffer.alloc(0);
  #stream: LogStreamName = "stdout";
  /** Bytes of the frame under way that have not come yet. */
  #left = 0;

  constructor(take: (stream: LogStreamName, chunk: Buffer) => void) {
    this.#take = take;
  }

  write(chunk: Buffer): void {
    let rest = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    while (rest.length > 0) {
      if (this.#left === 0) {
        if (rest.length < headerBytes) break;
        this.#stream = rest[0] === 2 ? "stderr" : "stdout";
        this.#left = rest.readUInt32BE(4);
        rest = rest.subarray(headerBytes);
        continue;
      }
      const part = rest.subarray(0, this.#left);
      this.#left -= part.length;
      rest = rest.subarray(part.length);
      this.#take(this.#stream, part);
    }
    // A copy, since a few bytes would hold the whole chunk.
    this.#held = rest.length === 0 ? rest : Buffer.from(rest);
  }
}
