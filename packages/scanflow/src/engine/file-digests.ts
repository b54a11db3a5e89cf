import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

/**
 * Digests of files, remembered as long as device, inode, size and both times stay the same. A file changed within the
 * last two seconds is hashed anew each time: its next change might leave the same times.
 */
export class FileDigests {
  readonly #known = new Map<string, { signature: string; digest: string }>();

  /** null for a folder. */
  async fileDigest(path: string): Promise<string | null> {
    return (await stat(path)).isFile() ? this.digest(path) : null;
  }

  async digest(path: string): Promise<string> {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    const signature = [dev, ino, size, mtimeNs, ctimeNs].join(":");
    const known = this.#known.get(path);
    if (known?.signature === signature) return known.digest;
    const hash = createHash("sha256");
    await pipeline(createReadStream(path), hash);
    const digest = `sha256:${hash.digest("hex")}`;
    const settled = Date.now() - Number(ctimeNs / 1_000_000n) > 2000;
    if (settled) this.#known.set(path, { signature, digest });
    return digest;
  }
}
