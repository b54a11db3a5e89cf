import type { Engine } from "../../engine/index.ts";

/** What a task's last attempt was made of, by the names of `scanflow why`: `code: steps/a.ts`, `input: x`, … */
export type Parts = Readonly<Record<string, string>>;

/** By task, what the last attempt of each was made of; of a cached task, the attempt that it was taken from. */
export async function recordedParts({ journal }: Engine, run: string): Promise<Map<string, Parts>> {
  const own = await journal.store.read<{ task: string; parts: string }>(
    "SELECT task, parts FROM attempts WHERE run = ? ORDER BY attempt",
    [run],
  );
  const taken = await journal.store.read<{ task: string; parts: string }>(
    `SELECT json_extract(e.data, '$.task') AS task, a.parts FROM events e JOIN attempts a
       ON a.run = json_extract(e.data, '$.from.run') AND a.task = json_extract(e.data, '$.from.task')
         AND a.attempt = json_extract(e.data, '$.from.attempt')
     WHERE e.run = ? AND e.event = 'task-cached'`,
    [run],
  );
  return new Map([...taken, ...own].map(({ task, parts }) => [task, JSON.parse(parts) as Parts]));
}
