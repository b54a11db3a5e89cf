import type { Context } from "../context.ts";
import { containedRoot } from "../locations/root.ts";
import { missing } from "../refusal.ts";
import type { SqlStore } from "../store/index.ts";

/** What writing to a run needs to know of it; it never changes while the run exists. */
export interface RunEntry {
  /** The number by which rows refer to the run. */
  readonly id: number;
  readonly runId: string;
  readonly experiment: number;
  readonly artifactUri: string;
  /** Where the run's artifacts lie on this server; absent when they lie elsewhere. */
  readonly root: string | undefined;
}

/** What is read of a run's row. */
export interface IndexRow {
  readonly id: number;
  readonly run_id: string;
  readonly experiment: number;
  readonly artifact_uri: string;
}

/** What runs are made and read with. */
export interface RunContext extends Context {
  readonly index: RunIndex;
}

const keptAtMost = 10_000;

/**
 * Remembers runs by their id, so that logging costs no read. Every write checks the entry again inside its
 * own transaction (`activeRun`), so a stale one is refused, never followed. A tracker's store has one index: all that
 * is logged passes through it. Nothing is remembered of a store that other processes write to as well.
 */
export class RunIndex {
  readonly #store: SqlStore;
  readonly #entries = new Map<string, RunEntry>();
  readonly #silent = new Set<string>();

  constructor(store: SqlStore) {
    this.#store = store;
  }

  async find(runId: string): Promise<RunEntry | undefined> {
    this.#silent.delete(runId);
    const known = this.#entries.get(runId);
    if (known) return known;
    const [row] = await this.#store.read<IndexRow>(
      "SELECT id, run_id, experiment, artifact_uri FROM tracking_runs WHERE run_id = ?",
      [runId],
    );
    return row && this.#keep(row);
  }

  /** Takes the rows of runs that were just made. */
  made(rows: readonly IndexRow[]): void {
    if (this.#store.shared) return;
    for (const row of rows) {
      this.#keep(row);
      this.#silent.add(row.run_id);
      forgetOldest(this.#silent);
    }
  }

  /**
   * Whether the run was made here and has not been looked up since, so that nothing can have been logged to it; never
   * true by mistake.
   */
  isSilent(runId: string): boolean {
    return this.#silent.has(runId);
  }

  #keep({ id, run_id: runId, experiment, artifact_uri: artifactUri }: IndexRow): RunEntry {
    const entry = { id, runId, experiment, artifactUri, root: containedRoot(artifactUri) };
    if (this.#store.shared) return entry;
    this.#entries.set(runId, entry);
    forgetOldest(this.#entries);
    return entry;
  }

  /** Errors: SCANFLOW_TRACKING_MISSING. */
  async get(runId: string): Promise<RunEntry> {
    const entry = await this.find(runId);
    if (!entry) throw runMissing(runId);
    return entry;
  }

  forget(runIds: readonly string[]): void {
    for (const runId of runIds) {
      this.#entries.delete(runId);
      this.#silent.delete(runId);
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#silent.clear();
  }
}

function forgetOldest(kept: Map<string, unknown> | Set<string>): void {
  const [oldest] = kept.keys();
  if (kept.size > keptAtMost && oldest !== undefined) kept.delete(oldest);
}

export function runMissing(runId: string): Error {
  return missing(`Run with id=${runId} not found`);
}
