import type { RunRow } from "../engine/index.ts";
import type { OwnerRooms } from "./rooms.ts";

/** What a task was made of: the parts of its key. */
export type Parts = Readonly<Record<string, string>>;

export interface Tried {
  readonly run: string;
  readonly attempt: number;
  /** Of that attempt; where the task was taken from the cache, of the one that it was taken from. */
  readonly parts: Parts;
}

interface Row {
  readonly run: string;
  readonly attempt: number;
  readonly parts: string;
  readonly created: number;
}

const earlier = "runs.application = ? AND runs.workflow = ? AND (runs.created, runs.run) < (?, ?)";
const newestFirst = "ORDER BY runs.created DESC, runs.run DESC";

/** The last run of the workflow before this one in which the task was tried, or was taken from the cache. */
export async function lastRunBefore(
  { store }: OwnerRooms,
  { run, application, workflow, created }: RunRow,
  task: string,
): Promise<Tried | null> {
  const place = [application, workflow, created, run];
  const [tried] = await store.read<Row>(
    `SELECT runs.run, attempt, parts, created FROM runs JOIN attempts ON attempts.run = runs.run AND task = ?
      WHERE ${earlier} ${newestFirst}, attempt DESC LIMIT 1`,
    [task, ...place],
  );
  const [cached] = await store.read<Row>(
    `SELECT runs.run, attempt, parts, created FROM runs
      JOIN events ON events.run = runs.run AND event = 'task-cached' AND events.data ->> 'task' = ?
      JOIN attempts ON attempts.run = json_extract(events.data, '$.from.run')
        AND attempts.task = json_extract(events.data, '$.from.task') AND attempt = json_extract(events.data, '$.from.attempt')
      WHERE ${earlier} AND runs.created >= ? ${newestFirst} LIMIT 1`,
    [task, ...place, tried?.created ?? 0],
  );
  return triedOf(cached ?? tried);
}

/** The attempt before an attempt of the same run. */
export async function attemptBefore(
  { store }: OwnerRooms,
  { run, task, attempt }: { readonly run: string; readonly task: string; readonly attempt: number },
): Promise<Tried | null> {
  const [row] = await store.read<Row>(
    "SELECT run, attempt, parts FROM attempts WHERE run = ? AND task = ? AND attempt < ? ORDER BY attempt DESC LIMIT 1",
    [run, task, attempt],
  );
  return triedOf(row);
}

function triedOf(row: Row | undefined): Tried | null {
  return row ? { run: row.run, attempt: row.attempt, parts: JSON.parse(row.parts) as Parts } : null;
}
