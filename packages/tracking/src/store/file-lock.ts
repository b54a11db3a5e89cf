import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

export interface FileLock {
  release(): void;
}

/**
 * Takes a lock between processes, or returns null when another one holds it. The lock is a write transaction on a
 * small SQLite file that is never committed: the operating system drops it when the process ends, however it ends.
 * Throws what SQLite or the file system say when the file cannot be made.
 */
export function takeFileLock(file: string): FileLock | null {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    database = new DatabaseSync(file, { timeout: 0 });
    const held = database;
    held.exec("BEGIN EXCLUSIVE");
    return { release: () => held.close() };
  } catch (error) {
    database?.close();
    if (error instanceof Error && /locked/.test(error.message)) return null;
    throw error;
  }
}
