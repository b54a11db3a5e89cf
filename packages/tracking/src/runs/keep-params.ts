import type { Context, KeyValue } from "../context.ts";
import { limits, truncate } from "../validation/limits.ts";
import { checkKey } from "../validation/names.ts";

/** What a run was given, whether or not its script says so. */
export interface GivenParams {
  readonly runId: string;
  readonly params: readonly KeyValue[];
}

/** Adds params to a run that it has no value of; those that its script logged stay as they are. Repeatable. */
export async function keepParams({ store }: Context, { runId, params }: GivenParams): Promise<void> {
  if (params.length === 0) return;
  for (const { key } of params) checkKey(key, "key", "Param key");
  await store.write([
    {
      sql: `INSERT INTO tracking_params (run, key, value)
        SELECT id, CAST(? AS TEXT), CAST(? AS TEXT) FROM tracking_runs WHERE run_id = ? ON CONFLICT DO NOTHING`,
      rows: params.map(({ key, value }) => [key, truncate(value, limits.paramValue), runId]),
    },
  ]);
}

/** A run that takes over what another one did. */
export interface CopiedParams {
  readonly runId: string;
  readonly from: string;
}

/** Gives runs the params of other runs, where they have none of that name. Repeatable. */
export async function copyParams({ store }: Context, copies: readonly CopiedParams[]): Promise<void> {
  if (copies.length === 0) return;
  await store.write([
    {
      sql: `INSERT INTO tracking_params (run, key, value)
        SELECT own.id, given.key, given.value
        FROM tracking_runs other JOIN tracking_params given ON given.run = other.id
        CROSS JOIN tracking_runs own WHERE other.run_id = ? AND own.run_id = ? ON CONFLICT DO NOTHING`,
      rows: copies.map(({ runId, from }) => [from, runId]),
    },
  ]);
}
