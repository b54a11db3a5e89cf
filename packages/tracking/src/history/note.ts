import type { Context } from "../context.ts";
import type { SqlValue, Statement } from "../store/index.ts";

/** What can be said to have changed. `version` carries the source, `purged` says that the rest was removed for good. */
export const historyFields = [
  "model",
  "name",
  "description",
  "tag",
  "alias",
  "version",
  "run_id",
  "model_id",
  "stage",
  "purged",
] as const;
export type HistoryField = (typeof historyFields)[number];

export type Stamp = Pick<Context, "now" | "actor">;

interface Note {
  readonly field: HistoryField;
  /** SQL of the parts of a row; absent ones are NULL. The number of the model and its name are those of `m`. */
  readonly version?: string;
  readonly key?: string;
  readonly before?: string;
  readonly after?: string;
  /** Where they come from: what stands after FROM. */
  readonly from: string;
  /** In the order of the text: key, before, after, from. */
  readonly rows: readonly (readonly SqlValue[])[];
}

const application = `COALESCE((SELECT w.value FROM tracking_model_tags w WHERE w.model = m.id
  AND w.key = 'scanflow.application' AND w.value <> ''), m.name)`;

/**
 * A statement that puts a change down. It stands in the unit of the change, before it where it reads what was, behind
 * it where it reads what was made: both are stored, or neither.
 */
export function note({ now, actor }: Stamp, { field, from, rows, ...row }: Note): Statement {
  const { version = "NULL", key = "NULL", before = "NULL", after = "NULL" } = row;
  const at = now();
  return {
    sql: `INSERT INTO registry_history
        (model, name, application, version, at_ms, user_name, field, key, old_value, new_value)
      SELECT m.id, m.name, ${application}, ${version}, CAST(? AS BIGINT), CAST(? AS TEXT), '${field}',
        ${key}, ${before}, ${after} FROM ${from}`,
    rows: rows.map((params) => [at, actor?.name ?? "", ...params]),
  };
}
