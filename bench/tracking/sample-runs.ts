import { DatabaseSync } from "node:sqlite";
import { openTracking, type RunBatch, type RunStart, trackingMigrations } from "@scanflow/tracking";
import { openArtifactStore } from "@scanflow/tracking/artifacts";
import { openStore } from "@scanflow/tracking/store";

const perRun = 5;
const atOnce = 1000;
const beganMs = 1_700_000_000_000;

export interface SampleRun {
  readonly runId: string;
  readonly name: string;
  readonly startTime: number;
  readonly metrics: readonly { key: string; value: number; timestampMs: number; step: number }[];
  readonly params: readonly { key: string; value: string }[];
  readonly tags: readonly { key: string; value: string }[];
}

/** The run of a number: always the same, its values spread evenly, none of them following from another. */
function sampleRun(at: number): SampleRun {
  const startTime = beganMs + at * 1000;
  const spread = (i: number) => mixed(at * 16 + i) / 2 ** 32;
  const five = <T>(make: (i: number) => T) => Array.from({ length: perRun }, (_, i) => make(i));
  return {
    runId: at.toString(16).padStart(32, "0"),
    name: `run-${at}`,
    startTime,
    metrics: five((i) => ({ key: `m${i}`, value: spread(i), timestampMs: startTime, step: 0 })),
    params: five((i) => ({ key: `p${i}`, value: String(Math.floor(spread(i + 5) * 100)) })),
    tags: five((i) => ({ key: `t${i}`, value: `v${Math.floor(spread(i + 10) * 10)}` })),
  };
}

/** A whole number below 2^32 that shows no trace of the one it is made from (the finalizer of MurmurHash3). */
function mixed(number: number): number {
  let bits = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

function* chunksOf(from: number, to: number): Generator<SampleRun[]> {
  for (let first = from; first < to; first += atOnce) {
    yield Array.from({ length: Math.min(atOnce, to - first) }, (_, i) => sampleRun(first + i));
  }
}

/** Adds runs from one number to another through the tracker's own API, in this process; `files` is a folder. */
export async function fillOurs(
  { location, files }: { readonly location: string; readonly files: string },
  from: number,
  to: number,
): Promise<void> {
  const store = await openStore<unknown>({ location, migrations: trackingMigrations });
  const artifacts = await openArtifactStore({ root: files });
  const tracking = await openTracking({ store, artifacts });
  const experimentId = await tracking.ensureExperiment("bench");
  for (const runs of chunksOf(from, to)) {
    await tracking.startRuns(runs.map(({ metrics: _, ...run }): RunStart => ({ ...run, experimentId })));
    await tracking.logBatches(runs.map(({ runId, metrics }): RunBatch => ({ runId, metrics })));
  }
  await store.analyze();
  await store.close();
}

/** Adds the same runs to the SQLite file of an MLflow server, which must have made its tables. */
export function fillMlflow(file: string, count: number): void {
  const database = new DatabaseSync(file);
  database.exec("BEGIN");
  database
    .prepare(
      "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage) VALUES (1, 'bench', 'mlflow-artifacts:/1', 'active')",
    )
    .run();
  const insertRun = database.prepare(`INSERT INTO runs
    (run_uuid, name, source_type, user_id, status, start_time, lifecycle_stage, artifact_uri, experiment_id)
    VALUES (?, ?, 'UNKNOWN', '', 'RUNNING', ?, 'active', ?, 1)`);
  const insertMetric = database.prepare(
    "INSERT INTO metrics (run_uuid, key, value, timestamp) VALUES (?, ?, ?, ?)",
  );
  const insertLatest = database.prepare(
    "INSERT INTO latest_metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES (?, ?, ?, ?, 0, 0)",
  );
  const insertParam = database.prepare("INSERT INTO params (run_uuid, key, value) VALUES (?, ?, ?)");
  const insertTag = database.prepare("INSERT INTO tags (run_uuid, key, value) VALUES (?, ?, ?)");
  for (const { runId, name, startTime, metrics, params, tags } of [...chunksOf(0, count)].flat()) {
    insertRun.run(runId, name, startTime, `mlflow-artifacts:/1/${runId}/artifacts`);
    for (const { key, value } of metrics) {
      insertMetric.run(runId, key, value, startTime);
      insertLatest.run(runId, key, value, startTime);
    }
    for (const { key, value } of params) insertParam.run(runId, key, value);
    for (const { key, value } of [...tags, { key: "mlflow.runName", value: name }])
      insertTag.run(runId, key, value);
  }
  database.exec("COMMIT");
  database.close();
}
