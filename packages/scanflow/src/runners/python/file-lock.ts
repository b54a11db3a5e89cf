import { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";

const pollMs = 100;

/**
 * Does `work` while no other process (or caller in this one) does work under the same file. The lock is a write
 * transaction on a small SQLite file, which the system drops with the process, however that ends.
 */
export async function underLock<T>(
  file: string,
  { waiting, work }: { waiting: () => void; work: () => Promise<T> },
): Promise<T> {
  let told = false;
  while (true) {
    const database = new DatabaseSync(file, { timeout: 0 });
    try {
      if (takes(database)) return await work();
    } finally {
      database.close();
    }
    if (!told) waiting();
    told = true;
    await wait(pollMs);
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
