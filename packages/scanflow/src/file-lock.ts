import { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";

const pollMs = 100;

interface Locked<T> {
  readonly waiting: () => void;
  readonly work: () => Promise<T>;
  /** Ends the waiting; what then works is not touched by it. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does `work` while no other process (or caller in this one) does work under the same file. The lock is a write
 * transaction on a small SQLite file, which the system drops with the process, however that ends.
 */
export async function underLock<T>(file: string, { waiting, work, signal }: Locked<T>): Promise<T> {
  let told = false;
  while (true) {
    signal?.throwIfAborted();
    const database = new DatabaseSync(file, { timeout: 0 });
    try {
      if (takes(database)) return await work();
    } finally {
      database.close();
    }
    if (!told) waiting();
    told = true;
    await wait(pollMs, undefined, signal && { signal });
  }
}

function takes(database: DatabaseSync): boolean {
  try {
    database.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (error instanceof Error && /locked/.test(error.message)) return false;
    throw error;
  }
}
