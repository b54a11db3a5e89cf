import type { Store } from "@scanflow/tracking/store";
import type { Attempt, Parts } from "./run-record.ts";

/** What an attempt was made of; where its own record is gone, that of another with the same key. */
export async function readParts(
  store: Pick<Store<unknown>, "read">,
  { run, task, attempt }: Attempt,
  key: string | null,
): Promise<Parts> {
  const [row] = await store.read<{ parts: string }>(
    `SELECT parts FROM attempts WHERE run = ? AND task = ? AND attempt = ?
      UNION ALL SELECT parts FROM task_keys WHERE key = ? LIMIT 1`,
    [run, task, attempt, key],
  );
  return row ? (JSON.parse(row.parts) as Parts) : {};
}
