import type { SqlStore } from "@scanflow/tracking/store";

/** The attempt or the workflow behind a run of the tracker. */
export interface TrackerRunOwner {
  /** Run of the application. */
  readonly run: string;
  /** null: the run of a workflow, not of one attempt. */
  readonly task: string | null;
  readonly attempt: number;
  /** Whether the engine itself made the tracker's run; else a script opened it inside that one. */
  readonly own: boolean;
}

/** Scripts may open runs inside runs that they opened. */
const MOST_PARENTS = 10;

interface TagRow {
  readonly run_id: string;
  readonly key: string;
  readonly value: string;
}

/** By run of a tracker, what of the application made it, by the tags that the engine gave it; others have no owner. */
export async function ownersOf(
  store: Pick<SqlStore, "read">,
  runIds: readonly string[],
): Promise<Map<string, TrackerRunOwner>> {
  const owners = new Map<string, TrackerRunOwner>();
  // By the run that is looked at, those that hang below it and wait for its owner.
  let looked = new Map(runIds.map((runId) => [runId, [runId]]));
  for (let depth = 0; looked.size > 0 && depth <= MOST_PARENTS; depth++) {
    const rows = await store.read<TagRow>(
      `SELECT r.run_id, t.key, t.value FROM tracking_tags t JOIN tracking_runs r ON r.id = t.run
       WHERE t.key IN ('scanflow.run', 'scanflow.task', 'scanflow.attempt', 'mlflow.parentRunId')
         AND r.run_id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify([...looked.keys()])],
    );
    const next = new Map<string, string[]>();
    for (const [runId, some] of Map.groupBy(rows, ({ run_id }) => run_id)) {
      const tags: ReadonlyMap<string, string> = new Map(some.map(({ key, value }) => [key, value]));
      const [run, parent] = [tags.get("scanflow.run"), tags.get("mlflow.parentRunId")];
      const waiting = looked.get(runId) ?? [];
      if (run !== undefined) {
        const [task = null, attempt] = [tags.get("scanflow.task"), Number(tags.get("scanflow.attempt") ?? 0)];
        for (const one of waiting) owners.set(one, { run, task, attempt, own: one === runId });
      } else if (parent !== undefined) next.set(parent, [...(next.get(parent) ?? []), ...waiting]);
    }
    looked = next;
  }
  return owners;
}
