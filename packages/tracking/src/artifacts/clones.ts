import { constants } from "node:fs";
import { copyFile, rm } from "node:fs/promises";
import { isSystemError } from "./system-error.ts";

/** Copies that share their blocks until one is written to, where the file system can (btrfs, XFS, APFS, …). */
export class Clones {
  readonly #refusing = new Set<bigint>();

  /** Whether cloning between the store and this device was not refused yet: a pair is asked once. */
  mayClone(device: bigint): boolean {
    return !this.#refusing.has(device);
  }

  /** Clones `source` to `destination`; if that is refused, answers false and leaves nothing there. */
  async clone(source: string, destination: string, device: bigint): Promise<boolean> {
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
