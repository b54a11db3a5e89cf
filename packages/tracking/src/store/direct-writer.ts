import { Connection } from "./connection.ts";
import { runGroup } from "./execute.ts";
import type { Statement } from "./statement.ts";
import type { WireOutcome, WorkerSetup } from "./wire.ts";

/** What is written in less time than it takes to wake another thread and to be woken by it. */
const mostRows = 8;
/** Characters and bytes of all values: some take a megabyte each, and so much of the log. */
const mostBytes = 50_000;
/** Each of them adds some four pages to the log; SQLite's own measure for a checkpoint is 1000. */
const writesPerCheckpoint = 250;

/**
 * Writes small units on the thread that asks, as long as the writing thread has nothing to do. It never waits: not for
 * a lock, and not for a checkpoint, which is left to the other thread; until that is done, all goes there, so that the log
 * cannot grow faster than it is taken over.
 */
export class DirectWriter {
  readonly #connection: Connection;
  readonly #checkpoint: () => Promise<unknown>;
  #isCheckpointing = false;
  #writes = 0;

  constructor(setup: WorkerSetup, checkpoint: () => Promise<unknown>) {
    const own = { busyTimeoutMs: 0, cacheBytes: 2_000_000 };
    this.#connection = new Connection({ ...setup, ...own, role: "writer" });
    this.#connection.database.exec("PRAGMA wal_autocheckpoint = 0");
    this.#checkpoint = checkpoint;
  }

  /** Undefined when the units are not for this thread; then nothing of them is written. */
  write(units: readonly (readonly Statement[])[]): WireOutcome[] | undefined {
    const [unit] = units;
    if (this.#isCheckpointing || units.length !== 1 || !unit || !isSmall(unit)) return undefined;
    const outcomes = runGroup(this.#connection, units);
    const [outcome] = outcomes;
    if (outcome && "error" in outcome && outcome.error.code === "SCANFLOW_STORE_BUSY") return undefined;
    if (++this.#writes % writesPerCheckpoint === 0) void this.#takeOver();
    return outcomes;
  }

  async #takeOver(): Promise<void> {
    this.#isCheckpointing = true;
    try {
      await this.#checkpoint();
      this.#isCheckpointing = false;
    } catch {
      // All goes to the writing thread from now on: if it is gone, or cannot write, it is the one to say so.
    }
  }

  close(): void {
    this.#connection.close();
  }
}

/** One UPDATE or DELETE may touch a million rows, so that only what adds rows and looks for some counts as small. */
function isSmall(unit: readonly Statement[]): boolean {
  const rows = unit.reduce((sum, one) => sum + (one.rows?.length ?? 1), 0);
  if (rows > mostRows || !unit.every(({ sql }) => /^\s*(?:INSERT|SELECT)\b/i.test(sql))) return false;
  return unit.reduce((sum, one) => sum + sizeOf(one), 0) <= mostBytes;
}

function sizeOf({ params = [], rows = [] }: Statement): number {
  return [...params, ...rows.flat()].reduce<number>(
    (sum, value) => sum + (typeof value === "object" || typeof value === "string" ? (value?.length ?? 0) : 0),
    0,
  );
}
