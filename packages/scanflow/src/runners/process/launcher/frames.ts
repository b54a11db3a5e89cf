import type { Writable } from "node:stream";

/** Four bytes of length, one of kind, four of the number that the frame is about, then the content. */
const headerBytes = 9;

/** Writes frames, those of one turn of the event loop together. */
export class FrameWriter {
  readonly #stream: Writable;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #held = false;
  #scheduled = false;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  /** false: more than enough waits to be read; go on at the stream's `drain`. */
  write(kind: number, about: number, content: Uint8Array): boolean {
    if (!this.#scheduled) setImmediate(() => this.#flush());
    this.#scheduled = true;
    const header = Buffer.allocUnsafe(headerBytes);
    header.writeUInt32LE(content.length);
    header.writeUInt8(kind, 4);
    header.writeUInt32LE(about, 5);
    this.#waiting.push(header, content);
    this.#waitingBytes += header.length + content.length;
    const { writableLength, writableHighWaterMark } = this.#stream;
    const more = this.#waitingBytes + writableLength < writableHighWaterMark;
    if (!more) this.#held = true;
    return more;
  }

  writeJson(kind: number, about: number, content: unknown): void {
    this.write(kind, about, Buffer.from(JSON.stringify(content)));
  }

  #flush(): void {
    this.#scheduled = false;
    const frames = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    // In one piece: a vectored write of many small ones costs more than putting them together.
    const more = this.#stream.write(Buffer.concat(frames));
    // It read on meanwhile, and does not know that somebody was told to wait.
    if (more && this.#held) this.#stream.emit("drain");
    this.#held = false;
  }
}

/** Takes a stream apart into frames. */
export class FrameReader {
  readonly #take: (kind: number, about: number, content: Buffer) => void;
  #parts: Buffer[] = [];
  #length = 0;
  #needed = headerBytes;

  constructor(take: (kind: number, about: number, content: Buffer) => void) {
    this.#take = take;
  }

  read(chunk: Buffer): void {
    this.#parts.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#needed) return;
    const bytes = this.#parts.length === 1 ? chunk : Buffer.concat(this.#parts);
    let at = 0;
    this.#needed = headerBytes;
    while (bytes.length - at >= headerBytes) {
      const end = at + headerBytes + bytes.readUInt32LE(at);
      if (end > bytes.length) {
        this.#needed = end - at;
        break;
      }
      this.#take(bytes.readUInt8(at + 4), bytes.readUInt32LE(at + 5), bytes.subarray(at + headerBytes, end));
      at = end;
    }
    this.#parts = at === bytes.length ? [] : [bytes.subarray(at)];
    this.#length = bytes.length - at;
  }
}
