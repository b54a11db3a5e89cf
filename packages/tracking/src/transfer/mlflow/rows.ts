import { z } from "zod";
import { runStatuses } from "../../runs/run.ts";
import { TransferError } from "../errors.ts";

const time = z.number().nullable();
const text = z.string().nullable();
const lifecycle = z.enum(["active", "deleted"]);

/** SQLite holds any type in any column, so what is read is checked. */
export const experimentRow = z.object({
  /** As text: experiments that MLflow once kept in files have numbers of 18 digits. */
  experiment_id: z.string().regex(/^\d{1,19}$/),
  name: z.string(),
  artifact_location: text,
  lifecycle_stage: lifecycle,
  creation_time: time,
  last_update_time: time,
});

export const runRow = z.object({
  run_uuid: z.string().regex(/^[a-zA-Z0-9][\w-]{0,255}$/),
  name: text,
  user_id: text,
  status: z.enum(runStatuses),
  start_time: time,
  end_time: time,
  deleted_time: time,
  lifecycle_stage: lifecycle,
  artifact_uri: text,
});

export const loggedModelRow = z.object({
  model_id: z.string().regex(/^[a-zA-Z0-9][\w-]{0,255}$/),
  name: z.string(),
  model_type: text,
  source_run_id: text,
  artifact_location: z.string(),
  status: z.int().min(0).max(3),
  status_message: text,
  lifecycle_stage: lifecycle,
  creation_timestamp_ms: z.number(),
  last_updated_timestamp_ms: z.number(),
});

export const modelRow = z.object({
  name: z.string().min(1),
  description: text,
  creation_time: time,
  last_updated_time: time,
});

export const versionRow = z.object({
  version: z.int().min(1),
  description: text,
  user_id: text,
  source: text,
  storage_location: text,
  run_id: text,
  run_link: text,
  status: text,
  status_message: text,
  current_stage: text,
  creation_time: time,
  last_updated_time: time,
});

export const pairRow = z.object({ key: z.string(), value: text });
export const pointRow = z.object({
  key: z.string(),
  value: z.number(),
  timestamp: z.number(),
  step: z.number(),
  is_nan: z.number().nullable(),
});
export const datasetRow = z.object({
  input_uuid: z.string(),
  name: z.string(),
  digest: z.string(),
  dataset_source_type: z.string(),
  dataset_source: z.string(),
  dataset_schema: text,
  dataset_profile: text,
});
export const useRow = z.object({
  model_id: z.string(),
  role: z.enum(["input", "output"]),
  step: z.number().nullable(),
});
export const modelPointRow = z.object({
  key: z.string(),
  timestamp: z.number(),
  step: z.number(),
  value: z.number().nullable(),
  run_id: z.string(),
  dataset_name: text,
  dataset_digest: text,
});

/** Errors: SCANFLOW_TRANSFER_VALUE, with the table, the field and the value. */
export function readRow<T>(schema: z.ZodType<T>, row: unknown, table: string): T {
  const read = schema.safeParse(row);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const field = String(issue?.path[0] ?? "");
  const value = JSON.stringify((row as Record<string, unknown> | null)?.[field]);
  throw new TransferError(
    "SCANFLOW_TRANSFER_VALUE",
    `A row of ${table} has the ${field} ${value}: ${issue?.message ?? "not a row"}. Correct it in a copy of the database, and import that.`,
  );
}
