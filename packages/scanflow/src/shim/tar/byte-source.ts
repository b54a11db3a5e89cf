import { TarError } from "./tar-block.ts";

/** Reads a stream by so many bytes as are wanted. */
export class ByteSource {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Exactly so many; for headers. */
  async read(count: number): Promise<Buffer> {
    while (this.#held.length < count) {
      const chunk = await this.#next();
      if (chunk === undefined) throw new TarError("the archive ends too early");
      this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    }
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }

  /** So many, in pieces as they come. */
  async *chunks(count: number): AsyncGenerator<Uint8Array> {
    let left = count;
    while (left > 0) {
      if (this.#held.length === 0) {
        const chunk = await this.#next();
        if (chunk === undefined) throw new TarError("the archive ends too early");
        this.#held = chunk;
      }
      const piece = this.#held.subarray(0, left);
      this.#held = this.#held.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async ended(): Promise<boolean> {
    while (this.#held.length === 0) {
      const chunk = await this.#next();
      if (chunk === undefined) return true;
      this.#held = chunk;
    }
    return false;
  }

  async #next(): Promise<Buffer | undefined> {
    const { done, value } = await this.#source.next();
    return done ? undefined : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
}
