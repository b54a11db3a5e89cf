import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";

/**
 * The folders that survive tasks' attempts. Most tasks leave theirs empty: such a folder is moved to where the next
 * one is needed, which costs a fraction of making one and leaves no thousand empty folders behind.
 */
export class CheckpointFolders {
  readonly #spare = new Set<string>();

  /** Sees to it that the folder is there. */
  open(path: string): void {
    this.#spare.delete(path);
    if (!this.#moveSpare(path)) mkdirSync(path, { recursive: true });
  }

  /** Nothing of the attempt uses the folder any more. */
  close(path: string): void {
    if (isEmptyFolder(path)) this.#spare.add(path);
  }

  #moveSpare(path: string): boolean {
    const [spare] = this.#spare;
    if (spare === undefined) return false;
    this.#spare.delete(spare);
    try {
      renameSync(spare, path);
      return true;
    } catch {
      // The folder may be there already and hold something; the spare one may be gone, or lie on another disk.
      return existsSync(path);
    }
  }
}

function isEmptyFolder(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch {
    return false;
  }
}
