import { createReadStream, createWriteStream, rmSync } from "node:fs";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Counted } from "../../archive/index.ts";

export interface Spooled {
  readonly digest: string;
  readonly size: number;
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** Contents that are read once, and whose digest and size are to be known before they are written: in a folder till then. */
export class Spool {
  readonly #folder: string;
  #drafts = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Its folder lies beside a file: there is the room for what goes into that. */
  static async beside(file: string): Promise<Spool> {
    return new Spool(await mkdtemp(join(dirname(file), `.${basename(file)}.files-`)));
  }

  async keep(content: AsyncIterable<Uint8Array>): Promise<Spooled> {
    const counted = new Counted();
    const draft = join(this.#folder, `draft-${this.#drafts++}`);
    await pipeline(Readable.from(counted.pass(content), { objectMode: false }), createWriteStream(draft));
    const { sha256, size } = counted.content();
    const file = join(this.#folder, sha256);
    await rename(draft, file);
    return { digest: `sha256:${sha256}`, size, open: () => createReadStream(file) };
  }

  /** Lets a content go. */
  drop(digest: string): void {
    rmSync(join(this.#folder, digest.slice("sha256:".length)), { force: true });
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
