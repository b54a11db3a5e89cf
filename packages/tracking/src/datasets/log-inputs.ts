import type { Context } from "../context.ts";
import { activeRun } from "../runs/active-run.ts";
import { writeGuarded } from "../runs/log-batch.ts";
import type { DatasetInput } from "../runs/run.ts";
import type { RunEntry, RunIndex } from "../runs/run-index.ts";
import type { Statement } from "../store/index.ts";
import { limits } from "../validation/limits.ts";
import { checkLength } from "../validation/names.ts";

/** Notes which datasets a run read. A dataset that it read before keeps its tags and gets no others. */
export async function logDatasets(
  { store }: Context,
  index: RunIndex,
  { run, datasets }: { run: RunEntry; datasets: readonly DatasetInput[] },
): Promise<void> {
  for (const dataset of datasets) checkDataset(dataset);
  const before = await store.read<{ name: string; digest: string }>(
    "SELECT d.name, d.digest FROM tracking_inputs i JOIN tracking_datasets d ON d.id = i.dataset WHERE i.run = ?",
    [run.id],
  );
  const isNew = (one: DatasetInput) =>
    !before.some(({ name, digest }) => name === one.name && digest === one.digest);
  const place = (one: DatasetInput) => [run.id, run.experiment, one.name, one.digest];
  const known = "FROM tracking_datasets WHERE experiment = ? AND name = ? AND digest = ?";
  await writeGuarded({ store, index }, [
    activeRun(run),
    {
      sql: `INSERT INTO tracking_datasets (experiment, name, digest, source_type, source, schema, profile)
        VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      rows: datasets.map((one) => [
        run.experiment,
        one.name,
        one.digest,
        one.sourceType,
        one.source,
        one.schema ?? null,
        one.profile ?? null,
      ]),
    },
    {
      sql: `INSERT INTO tracking_inputs (run, dataset) SELECT ?, id ${known} ON CONFLICT DO NOTHING`,
      rows: datasets.map(place),
    },
    {
      sql: `INSERT INTO tracking_input_tags (run, dataset, key, value)
        SELECT asked.run, d.id, asked.key, asked.value
        FROM (SELECT ? AS key, ? AS value, CAST(? AS INTEGER) AS run) asked
        JOIN tracking_datasets d ON d.experiment = ? AND d.name = ? AND d.digest = ? WHERE 1 = 1
        ON CONFLICT DO NOTHING`,
      rows: datasets
        .filter(isNew)
        .flatMap((one) => one.tags.map(({ key, value }) => [key, value, ...place(one)])),
    },
  ]);
}

/** Notes which logged models a run read (`input`) or made (`output`). */
export async function logModels(
  { store }: Context,
  index: RunIndex,
  { run, role, models }: ModelNotes,
): Promise<void> {
  const rows: Statement = {
    sql: `INSERT INTO tracking_run_models (run, model_id, role, step) VALUES (?, ?, ?, ?)
      ON CONFLICT (run, role, model_id) DO UPDATE SET step = excluded.step`,
    rows: models.map(({ modelId, step }) => [run.id, modelId, role, step]),
  };
  await writeGuarded({ store, index }, [activeRun(run), rows]);
}

interface ModelNotes {
  readonly run: RunEntry;
  readonly role: "input" | "output";
  readonly models: readonly { readonly modelId: string; readonly step: number }[];
}

function checkDataset({ name, digest, source, schema, profile, tags }: DatasetInput): void {
  checkLength(name, limits.datasetName, "name");
  checkLength(digest, limits.datasetDigest, "digest");
  checkLength(source, limits.datasetSource, "source");
  checkLength(schema ?? "", limits.datasetSchema, "schema");
  checkLength(profile ?? "", limits.datasetProfile, "profile");
  for (const { key, value } of tags) {
    checkLength(key, limits.inputTagKey, "key");
    checkLength(value, limits.inputTagValue, "value");
  }
}
