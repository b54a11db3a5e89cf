import type { CacheMiss, JsonObject } from "@scanflow/core";
import type { ArtifactStore } from "@scanflow/tracking/artifacts";
import type { Statement, Store } from "@scanflow/tracking/store";
import { changedParts, type KeyParts } from "./cache-key.ts";
import type { Holds } from "./holds.ts";
import { Lookups } from "./lookups.ts";
import type { CacheHit } from "./scheduler/input.ts";

interface CacheRow {
  readonly key: string;
  readonly run: string;
  readonly task: string;
  readonly attempt: number;
  readonly outputs: string;
  readonly result: string;
  readonly metrics: string;
}

export type Lookup = { readonly hit: CacheHit } | { readonly hit: null; readonly lost: boolean };

/** Which work was done before. Lookups made in the same tick share one query. */
export class TaskCache {
  readonly #artifacts: ArtifactStore;
  readonly #rows: Lookups<CacheRow>;
  readonly #lastParts: Lookups<string>;

  constructor(store: Store<unknown>, artifacts: ArtifactStore) {
    this.#artifacts = artifacts;
    this.#rows = new Lookups(async (keys) => {
      const rows = await store.read<CacheRow>(
        "SELECT * FROM cache WHERE key IN (SELECT value FROM json_each(?))",
        [JSON.stringify(keys)],
      );
      return new Map(rows.map((row) => [row.key, row]));
    });
    this.#lastParts = new Lookups(async (places) => {
      const rows = await store.read<{ place: string; parts: string }>(
        `SELECT place.value AS place, parts FROM json_each(?) AS place JOIN task_keys
          ON application = place.value ->> 0 AND workflow = place.value ->> 1 AND task = place.value ->> 2`,
        [JSON.stringify(places)],
      );
      return new Map(rows.map(({ place, parts }) => [place, parts]));
    });
  }

  /** What an earlier attempt with this key made (held, if so); `lost` when an artifact of it is gone. */
  async find(key: string, holds: Holds): Promise<Lookup> {
    const row = await this.#rows.find(key);
    if (!row) return { hit: null, lost: false };
    const outputs = JSON.parse(row.outputs) as Record<string, string>;
    for (const digest of Object.values(outputs)) {
      holds.hold(digest);
      if (!(await this.#artifacts.has(digest))) return { hit: null, lost: true };
    }
    const { run, task, attempt } = row;
    const result = JSON.parse(row.result) as JsonObject;
    const metrics = JSON.parse(row.metrics) as Record<string, number>;
    return { hit: { from: { run, task, attempt }, outputs, result, metrics } };
  }

  /** Why a task whose key was not found runs again: what differs from the last time it ran. */
  async explain(place: TaskPlace, parts: KeyParts): Promise<CacheMiss> {
    const before = await this.#lastParts.find(
      JSON.stringify([place.application, place.workflow, place.task]),
    );
    if (before === undefined) return { reason: "first-run", changed: [] };
    const changed = changedParts(JSON.parse(before) as KeyParts, parts);
    return changed.length > 0 ? { reason: "changed", changed } : { reason: "first-run", changed: [] };
  }
}

export interface TaskPlace {
  readonly application: string;
  readonly workflow: string;
  readonly task: string;
}

/** Remembers the parts of the key with which an attempt starts. */
export function keyStatements(
  place: TaskPlace,
  start: { readonly run: string; readonly attempt: number; readonly key: string; readonly parts: KeyParts },
): Statement[] {
  const { application, workflow, task } = place;
  const parts = JSON.stringify(start.parts);
  return [
    {
      sql: `INSERT INTO task_keys (application, workflow, task, key, parts, run) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (application, workflow, task)
        DO UPDATE SET key = excluded.key, parts = excluded.parts, run = excluded.run`,
      params: [application, workflow, task, start.key, parts, start.run],
    },
    {
      sql: "INSERT INTO attempts (run, task, attempt, key, parts) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
      params: [start.run, task, start.attempt, start.key, parts],
    },
  ];
}

/** Keeps what an attempt made for later runs. */
export function cacheStatement(key: string, made: CacheHit, now: number): Statement {
  const { run, task, attempt } = made.from;
  return {
    sql: `INSERT INTO cache (key, run, task, attempt, outputs, result, metrics, created)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (key) DO UPDATE SET run = excluded.run, task = excluded.task, attempt = excluded.attempt,
        outputs = excluded.outputs, result = excluded.result, metrics = excluded.metrics, created = excluded.created`,
    params: [
      key,
      run,
      task,
      attempt,
      JSON.stringify(made.outputs),
      JSON.stringify(made.result),
      JSON.stringify(made.metrics),
      now,
    ],
  };
}
