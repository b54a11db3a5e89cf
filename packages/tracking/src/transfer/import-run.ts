import { explainBlocked, type LocationContext, placeAll } from "../locations/locations.ts";
import { type Metric, toStored } from "../metrics/metric.ts";
import { type SqlValue, type Statement, StoreRefusal } from "../store/index.ts";
import { checkRunId } from "../validation/names.ts";
import { type Storage, storeFiles } from "./import-files.ts";
import { ownPlace } from "./place-of.ts";
import type { RunRecord, TransferSource } from "./records.ts";

const present = "run-present";
const thisRun = "(SELECT id FROM tracking_runs WHERE run_id = ?)";

/**
 * Writes a run with all that belongs to it, all or nothing; gives how many files came along, or undefined when a run
 * of that id is here already.
 */
export async function importRun(
  context: LocationContext,
  source: TransferSource,
  { runId, experimentId, signal }: Pick<Storage, "signal"> & { runId: string; experimentId: string },
): Promise<number | undefined> {
  checkRunId(runId);
  const [known] = await context.store.read("SELECT id FROM tracking_runs WHERE run_id = ?", [runId]);
  if (known) return undefined;
  const run = await source.run(runId);
  const local = source.copies(run.artifactUri);
  const uri = local ? ownPlace(experimentId, runId) : run.artifactUri;
  const files = local ? source.files({ id: runId, artifactUri: run.artifactUri }) : nothing();
  const { locations, release } = await storeFiles(context, files, { uri, signal });
  try {
    await context.store.write([
      ...runUnit(run, Number(experimentId), uri),
      ...datasetUnit(run, Number(experimentId)),
      ...placeAll(locations, context.now()),
    ]);
  } catch (error) {
    if (error instanceof StoreRefusal && error.tag === present) return undefined;
    throw explainBlocked(error);
  } finally {
    release();
  }
  return locations.length;
}

async function* nothing(): AsyncGenerator<never> {}

function runUnit(run: RunRecord, experiment: number, uri: string): Statement[] {
  const { runId } = run;
  const pair = (table: string) => `INSERT INTO ${table} (run, key, value) VALUES (${thisRun}, ?, ?)`;
  const point = (table: string) =>
    `INSERT INTO ${table} (run, key, value, is_nan, step, timestamp_ms)
      VALUES (${thisRun}, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;
  return [
    { sql: "SELECT id FROM tracking_runs WHERE run_id = ?", params: [runId], refuse: present },
    {
      sql: `INSERT INTO tracking_runs (run_id, experiment, name, user_id, status, start_ms, end_ms, lifecycle,
          deleted_ms, artifact_uri) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      params: [
        runId,
        experiment,
        run.name,
        run.userId,
        run.status,
        run.startMs,
        run.endMs,
        run.lifecycle,
        run.deletedMs,
        uri,
      ],
    },
    { sql: pair("tracking_params"), rows: run.params.map(({ key, value }) => [runId, key, value]) },
    { sql: pair("tracking_tags"), rows: run.tags.map(({ key, value }) => [runId, key, value]) },
    { sql: point("tracking_metrics"), rows: run.metrics.map((metric) => pointRow(runId, metric)) },
    { sql: point("tracking_latest_metrics"), rows: run.latest.map((metric) => pointRow(runId, metric)) },
    {
      sql: `INSERT INTO tracking_run_models (run, model_id, role, step) VALUES (${thisRun}, ?, ?, ?)
        ON CONFLICT DO NOTHING`,
      rows: run.models.map(({ modelId, role, step }) => [runId, modelId, role, step]),
    },
  ];
}

function pointRow(runId: string, { key, value, step, timestampMs }: Metric): SqlValue[] {
  const stored = toStored(value);
  return [runId, key, stored.value, stored.isNan, step, timestampMs];
}

function datasetUnit({ runId, datasets }: RunRecord, experiment: number): Statement[] {
  const dataset = "(SELECT id FROM tracking_datasets WHERE experiment = ? AND name = ? AND digest = ?)";
  return [
    {
      sql: `INSERT INTO tracking_datasets (experiment, name, digest, source_type, source, schema, profile)
        VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      rows: datasets.map((one) => [
        experiment,
        one.name,
        one.digest,
        one.sourceType,
        one.source,
        one.schema ?? null,
        one.profile ?? null,
      ]),
    },
    {
      sql: `INSERT INTO tracking_inputs (run, dataset) VALUES (${thisRun}, ${dataset}) ON CONFLICT DO NOTHING`,
      rows: datasets.map(({ name, digest }) => [runId, experiment, name, digest]),
    },
    {
      sql: `INSERT INTO tracking_input_tags (run, dataset, key, value) VALUES (${thisRun}, ${dataset}, ?, ?)
        ON CONFLICT DO NOTHING`,
      rows: datasets.flatMap(({ name, digest, tags }) =>
        tags.map(({ key, value }) => [runId, experiment, name, digest, key, value]),
      ),
    },
  ];
}
