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

const keptAtMost = 10_000;

/**
 * Remembers runs by their id, so that logging costs no read. Every write checks the entry again inside its
 * own transaction (`activeRun`), so a stale one is refused, never followed.
 */
export class RunIndex {
  readonly #store: SqlStore;
  readonly #entries = new Map<string, RunEntry>();

  constructor(store: SqlStore) {
    this.#store = store;
  }

  async find(runId: string): Promise<RunEntry | undefined> {
    const known = this.#entries.get(runId);
    if (known) return known;
    const [row] = await this.#store.read<{ id: number; experiment: number; artifact_uri: string }>(
      "SELECT id, experiment, artifact_uri FROM tracking_runs WHERE run_id = ?",
      [runId],
    );
    if (!row) return undefined;
    const entry = {
      id: row.id,
      runId,
      experiment: row.experiment,
      artifactUri: row.artifact_uri,
      root: containedRoot(row.artifact_uri),
    };
    const [oldest] = this.#entries.keys();
    if (this.#entries.size >= keptAtMost && oldest !== undefined) this.#entries.delete(oldest);
    this.#entries.set(runId, entry);
    return entry;
  }

  /** Errors: SCANFLOW_TRACKING_MISSING. */
  async get(runId: string): Promise<RunEntry> {
    const entry = await this.find(runId);
    if (!entry) throw runMissing(runId);
    return entry;
  }

  forget(runIds: readonly string[]): void {
    for (const runId of runIds) this.#entries.delete(runId);
  }

  clear(): void {
    this.#entries.clear();
  }
}

export function runMissing(runId: string): Error {
  return missing(`Run with id=${runId} not found`);
}
