import { createHash } from "node:crypto";

/** How much content there was, and which. */
export interface CountedContent {
  /** In bytes. */
  readonly size: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/** Counts and hashes what passes. */
export class Counted {
  readonly #hash = createHash("sha256");
  #size = 0;

  async *pass(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      this.#hash.update(chunk);
      this.#size += chunk.length;
      yield chunk;
    }
  }

  /** Of all that passed; asked once. */
  content(): CountedContent {
    return { size: this.#size, sha256: this.#hash.digest("hex") };
  }
}
