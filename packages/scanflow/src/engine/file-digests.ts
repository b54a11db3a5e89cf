import { createHash, hash } from "node:crypto";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { pipeline } from "node:stream/promises";

/** Read at once, in bytes. */
const SMALL = 65_536n;

async function streamed(path: string): Promise<string> {
  const sha256 = createHash("sha256");
  await pipeline(createReadStream(path), sha256);
  return sha256.digest("hex");
}

/**
 * Digests of files, remembered as long as device, inode, size and both times stay the same. A file changed within the
 * last two seconds is hashed anew each time: its next change might leave the same times.
 */
export class FileDigests {
  readonly #known = new Map<string, { signature: string; digest: string }>();

  /** null for a folder. */
  async fileDigest(path: string): Promise<string | null> {
    return statSync(path).isFile() ? this.digest(path) : null;
  }

  async digest(path: string): Promise<string> {
    // In place: a promised stat costs ten times as much, and this is asked for every task.
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    const signature = [dev, ino, size, mtimeNs, ctimeNs].join(":");
    const known = this.#known.get(path);
    if (known?.signature === signature) return known.digest;
    const digest = `sha256:${size <= SMALL ? hash("sha256", readFileSync(path)) : await streamed(path)}`;
    const settled = Date.now() - Number(ctimeNs / 1_000_000n) > 2000;
    if (settled) this.#known.set(path, { signature, digest });
    return digest;
  }
}
