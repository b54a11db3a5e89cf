import type { CacheMiss, JsonObject } from "@scanflow/core";
import type { ArtifactStore } from "@scanflow/tracking/artifacts";
import type { Statement, Store } from "@scanflow/tracking/store";
import { changedParts, type KeyParts } from "./cache-key.ts";
import type { Holds } from "./holds.ts";
import { Lookups } from "./lookups.ts";
import type { CacheHit } from "./scheduler/input.ts";

/** What is known of the work: `run` is null when the cache does not have it, `before` then is the place's last key. */
type FoundRow =
  | {
      readonly run: string;
      readonly task: string;
      readonly attempt: number;
      readonly outputs: string;
      readonly result: string;
      readonly metrics: string;
    }
  | { readonly run: null; readonly before: string | null };

/** What an earlier attempt made, or why the work is done (again). */
export type Lookup = { readonly hit: CacheHit } | { readonly hit: null; readonly miss: CacheMiss };

/** Which work was done before. Lookups made in the same tick share one query. */
export class TaskCache {
  readonly #artifacts: ArtifactStore;
  readonly #rows: Lookups<FoundRow>;

  constructor(store: Store<unknown>, artifacts: ArtifactStore) {
    this.#artifacts = artifacts;
    this.#rows = new Lookups<FoundRow>(async (asked) => {
      const rows = await store.read<FoundRow & { asked: string }>(
        `SELECT asked.value AS asked, c.run, c.task, c.attempt, c.outputs, c.result, c.metrics, k.parts AS before
          FROM json_each(?) AS asked LEFT JOIN cache c ON c.key = asked.value ->> 0
          LEFT JOIN task_keys k ON c.key IS NULL AND k.application = asked.value ->> 1
            AND k.workflow = asked.value ->> 2 AND k.task = asked.value ->> 3`,
        [JSON.stringify(asked)],
      );
      return new Map(rows.map((row) => [row.asked, row]));
    });
  }

  /**
   * What an earlier attempt with this key made (held, if so), or why there is none: an artifact of it is gone, or parts
   * of the key differ from the last time the task ran.
   */
  async find({ application, workflow, task }: TaskPlace, work: KeyedWork, holds: Holds): Promise<Lookup> {
    const row = await this.#rows.find(JSON.stringify([work.key, application, workflow, task]));
    if (!row) throw new Error(`the cache did not answer for "${task}"`);
    if (row.run === null) return { hit: null, miss: missOf(row.before, work.parts) };
    const outputs = JSON.parse(row.outputs) as Record<string, string>;
    for (const digest of Object.values(outputs)) {
      holds.hold(digest);
      if (!(await this.#artifacts.has(digest)))
        return { hit: null, miss: { reason: "artifact-lost", changed: [] } };
    }
    const from = { run: row.run, task: row.task, attempt: row.attempt };
    const result = JSON.parse(row.result) as JsonObject;
    const metrics = JSON.parse(row.metrics) as Record<string, number>;
    return { hit: { from, outputs, result, metrics } };
  }
}

interface KeyedWork {
  readonly key: string;
  readonly parts: KeyParts;
}

function missOf(before: string | null, parts: KeyParts): CacheMiss {
  const changed = before === null ? [] : changedParts(JSON.parse(before) as KeyParts, parts);
  return { reason: changed.length > 0 ? "changed" : "first-run", changed };
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
