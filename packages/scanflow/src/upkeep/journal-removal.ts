import type { SqlStore, Statement } from "@scanflow/tracking/store";

const among = "(SELECT value FROM json_each(?))";

/**
 * Statements that remove runs from the journal, with the plans and cache entries that nobody else uses. What a run
 * that stays took from the cache of one that goes is handed over to it: it stays cached, and can be reproduced.
 */
export async function journalRemoval(store: SqlStore, runs: readonly string[]): Promise<Statement[]> {
  const going = JSON.stringify(runs);
  return [
    ...(await handOver(store, going)),
    ...["events", "runs", "attempts", "cache", "task_keys"].map((table) => ({
      sql: `DELETE FROM ${table} WHERE run IN ${among}`,
      params: [going],
    })),
    {
      sql: "DELETE FROM offsets WHERE consumer = ?",
      rows: runs.map((run) => [`tracker/${run}`]),
    },
    { sql: "DELETE FROM plans WHERE digest NOT IN (SELECT plan FROM runs)" },
  ];
}

interface Taken {
  readonly run: string;
  readonly task: string;
  readonly key: string;
  readonly from_run: string;
  readonly from_task: string;
  readonly from_attempt: number;
}

/** The last run that took a result from the cache has it from now on, as its attempt 0. */
async function handOver(store: SqlStore, going: string): Promise<Statement[]> {
  const taken = await store.read<Taken>(
    `SELECT run, json_extract(data, '$.task') AS task, json_extract(data, '$.key') AS key,
       json_extract(data, '$.from.run') AS from_run, json_extract(data, '$.from.task') AS from_task,
       json_extract(data, '$.from.attempt') AS from_attempt
     FROM events WHERE event = 'task-cached' AND run NOT IN ${among} AND from_run IN ${among} ORDER BY seq`,
    [going, going],
  );
  const heirs = [...new Map(taken.map((one) => [one.key, one])).values()];
  return [
    {
      sql: `INSERT INTO attempts (run, task, attempt, key, parts) SELECT ?, ?, 0, key, parts FROM attempts
        WHERE run = ? AND task = ? AND attempt = ? ON CONFLICT DO NOTHING`,
      rows: taken.map((one) => [one.run, one.task, one.from_run, one.from_task, one.from_attempt]),
    },
    {
      sql: "UPDATE cache SET run = ?, task = ?, attempt = 0 WHERE key = ? AND run = ?",
      rows: heirs.map(({ run, task, key, from_run }) => [run, task, key, from_run]),
    },
    {
      sql: "UPDATE task_keys SET run = ? WHERE key = ? AND run = ?",
      rows: heirs.map(({ run, key, from_run }) => [run, key, from_run]),
    },
  ];
}
