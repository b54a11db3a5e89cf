import type { Context } from "../context.ts";
import { checkArtifactLocation, checkExperimentName } from "../experiments/experiment.ts";
import { TransferError } from "./errors.ts";
import { isLocal } from "./place-of.ts";
import type { ExperimentRecord } from "./records.ts";

export interface Naming {
  /** Put before the names of experiments and models. */
  readonly prefix?: string | undefined;
  /** The experiment that takes all runs, whatever theirs is called. */
  readonly into?: string | undefined;
}

/** An experiment of the source, and the one here that takes its runs. */
export interface PlannedExperiment {
  readonly record: ExperimentRecord;
  readonly name: string;
  /** Absent when it is to be made. */
  readonly id: string | undefined;
}

/**
 * Says for each experiment which one here takes its runs, before anything is written. One that was imported before is
 * known by its time of creation. Errors: SCANFLOW_TRANSFER_NAME_TAKEN.
 */
export async function planExperiments(
  { store }: Context,
  records: readonly ExperimentRecord[],
  { prefix = "", into }: Naming,
): Promise<PlannedExperiment[]> {
  const planned: PlannedExperiment[] = [];
  for (const record of records) {
    const name = into ?? `${prefix}${record.name}`;
    checkExperimentName(name);
    const rows = await store.read<{ id: number; name: string; created_ms: number }>(
      "SELECT id, name, created_ms FROM tracking_experiments WHERE name = ? OR created_ms = ?",
      [name, record.createdMs],
    );
    const named = rows.find((row) => row.name === name);
    const isDefault = record.experimentId === "0" && named?.id === 0;
    const same = isDefault || into !== undefined || named?.created_ms === record.createdMs;
    if (named && !same) throw taken("an experiment", name, " or --into EXPERIMENT");
    const renamed = rows.find(
      (row) => String(row.id) === record.experimentId && row.id !== 0 && prefix === "",
    );
    const found = named ?? (into === undefined ? renamed : undefined);
    planned.push({ record, name, id: found && String(found.id) });
  }
  return planned;
}

export function taken(what: string, name: string, or = ""): TransferError {
  return new TransferError(
    "SCANFLOW_TRANSFER_NAME_TAKEN",
    `There is ${what} "${name}" here that is another one; nothing was imported. Import with --prefix TEXT${or}, or rename the one here.`,
  );
}

/** Makes an experiment under its own id if that is free; gives its id. All or nothing. */
export async function makeExperiment(
  { store }: Context,
  { record, name }: PlannedExperiment,
  into: boolean,
): Promise<string> {
  const { experimentId, artifactLocation, lifecycle, createdMs, updatedMs, tags } = record;
  const own = artifactLocation === "" || isLocal(artifactLocation) || into;
  if (!own) checkArtifactLocation(artifactLocation);
  const wished = Number(experimentId);
  // 0 is taken: it is the default experiment's.
  const id = Number.isSafeInteger(wished) && wished > 0 && !into ? wished : 0;
  const [made] = await store.write([
    {
      sql: `INSERT INTO tracking_experiments (id, name, artifact_location, lifecycle, created_ms, updated_ms)
        SELECT CASE WHEN CAST(? AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM tracking_experiments WHERE id = CAST(? AS BIGINT))
          THEN next ELSE CAST(? AS BIGINT) END,
          CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT)
        FROM tracking_counters WHERE name = 'experiment' RETURNING id`,
      params: [id, id, id, name, artifactLocation, into ? "active" : lifecycle, createdMs, updatedMs],
    },
    {
      sql: `UPDATE tracking_experiments SET artifact_location = 'mlflow-artifacts:/' || id WHERE name = ?`,
      rows: own ? [[name]] : [],
    },
    {
      sql: `UPDATE tracking_counters SET next = (SELECT MAX(id) + 1 FROM tracking_experiments)
        WHERE name = 'experiment' AND next <= (SELECT MAX(id) FROM tracking_experiments)`,
    },
    {
      sql: `INSERT INTO tracking_experiment_tags (experiment, key, value)
        VALUES ((SELECT id FROM tracking_experiments WHERE name = ?), ?, ?)`,
      rows: into ? [] : tags.map(({ key, value }) => [name, key, value]),
    },
  ]);
  return String(made?.rows[0]?.id);
}
