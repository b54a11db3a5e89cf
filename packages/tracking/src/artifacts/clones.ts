import { constants } from "node:fs";
import { copyFile, rm } from "node:fs/promises";
import { isSystemError } from "./system-error.ts";

/** Copies that share their blocks until one is written to, where the file system can (btrfs, XFS, APFS, …). */
export class Clones {
  readonly #refusing = new Set<bigint>();

  /**
   * Clones `source` to `destination` and answers whether it could. `device` is the one on the other side of the
   * store: a pair that refused once is not asked again.
   */
  async clone(source: string, destination: string, device: bigint): Promise<boolean> {
    if (this.#refusing.has(device)) return false;
    try {
      await copyFile(source, destination, constants.COPYFILE_FICLONE_FORCE);
      return true;
    } catch (error) {
      if (!isSystemError(error, "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "ENOTTY", "EXDEV", "EINVAL")) throw error;
      this.#refusing.add(device);
      await rm(destination, { force: true });
      return false;
    }
  }
}
