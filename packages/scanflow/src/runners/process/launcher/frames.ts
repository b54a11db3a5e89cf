import type { Writable } from "node:stream";

/** Four bytes of length, one of kind, four of the number that the frame is about, then the content. */
const headerBytes = 9;

/** How long a frame without haste waits for others to go with. */
const lateMs = 3;

/** Writes frames, those of one turn of the event loop together. */
export class FrameWriter {
  readonly #stream: Writable;
  #late: NodeJS.Timeout | undefined;
  #soon: NodeJS.Immediate | undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  /** false: more than enough waits to be read; go on at the stream's `drain`. */
  write(kind: number, about: number, content: Uint8Array): boolean {
    this.#cork();
    this.#soon ??= setImmediate(() => this.#flush());
    return this.#put(kind, about, content);
  }

  writeJson(kind: number, about: number, content: unknown): void {
    this.write(kind, about, Buffer.from(JSON.stringify(content)));
  }

  /** A frame without haste: mostly another one follows at once, and each write costs both sides a turn. */
  writeLate(kind: number, about: number, content: unknown): void {
    this.#cork();
    this.#late ??= setTimeout(() => this.#flush(), lateMs);
    this.#put(kind, about, Buffer.from(JSON.stringify(content)));
  }

  #cork(): void {
    if (!this.#late && !this.#soon) this.#stream.cork();
  }

  #flush(): void {
    clearTimeout(this.#late);
    clearImmediate(this.#soon);
    this.#late = undefined;
    this.#soon = undefined;
    this.#stream.uncork();
  }

  #put(kind: number, about: number, content: Uint8Array): boolean {
    const header = Buffer.allocUnsafe(headerBytes);
    header.writeUInt32LE(content.length);
    header.writeUInt8(kind, 4);
    header.writeUInt32LE(about, 5);
    this.#stream.write(header);
    return this.#stream.write(content);
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
