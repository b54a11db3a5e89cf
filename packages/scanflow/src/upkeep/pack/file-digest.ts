import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

export interface Content {
  /** In bytes. */
  readonly size: number;
  readonly sha256: string;
}

export async function fileDigest(file: string): Promise<Content> {
  const counted = new Counted();
  for await (const _ of counted.pass(createReadStream(file))) {
    // Only what it was is wanted.
  }
  return counted.content();
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
  content(): Content {
    return { size: this.#size, sha256: this.#hash.digest("hex") };
  }
}
