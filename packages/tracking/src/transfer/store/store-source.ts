import { experimentUnknown } from "../../experiments/experiment-unknown.ts";
import type { LocationContext } from "../../locations/locations.ts";
import { containedRoot, rangeBelow } from "../../locations/root.ts";
import {
  type LoggedModelRow,
  loadLoggedModels,
  loggedModelColumns,
  modelStatuses,
} from "../../logged-models/logged-models.ts";
import { fromStored, type Metric } from "../../metrics/metric.ts";
import { missing } from "../../refusal.ts";
import { loadRuns } from "../../runs/load-runs.ts";
import { type RunRow, runColumns } from "../../runs/run.ts";
import type {
  ArtifactOwner,
  ExperimentRecord,
  FileRecord,
  FolderRecord,
  LoggedModelRecord,
  RunRecord,
  TransferSource,
} from "../records.ts";
import { modelsOf } from "./models-of.ts";

/** Points read at once: bounds what one answer of a database thread holds. */
const chunk = 50_000;

/**
 * Reads what a tracker keeps in its own store and artifact store: all, or the experiments of these names with what
 * belongs to them. Errors: SCANFLOW_TRACKING_MISSING for a name that no experiment has.
 */
export async function openStoreSource(
  context: LocationContext,
  names?: readonly string[],
): Promise<TransferSource> {
  const experiments = await readExperiments(context, names);
  return {
    atOnce: 1,
    copies: (artifactUri) => containedRoot(artifactUri) !== undefined,
    experiments: async () => experiments,
    runs: (experimentId) => readOwners(context, experimentId),
    run: (runId) => readRun(context, runId),
    loggedModels: (experimentId) => readModels(context, experimentId),
    models: () => modelsOf(context, names === undefined ? undefined : experiments),
    files: ({ artifactUri }) => readFiles(context, artifactUri),
    close: () => {},
  };
}

interface ExperimentRow {
  readonly id: number;
  readonly name: string;
  readonly artifact_location: string;
  readonly lifecycle: ExperimentRecord["lifecycle"];
  readonly created_ms: number;
  readonly updated_ms: number;
}

async function readExperiments(
  { store }: LocationContext,
  names: readonly string[] | undefined,
): Promise<ExperimentRecord[]> {
  const rows = await store.read<ExperimentRow>("SELECT * FROM tracking_experiments ORDER BY id");
  const unknown = names?.find((name) => !rows.some((row) => row.name === name));
  if (unknown !== undefined) throw await experimentUnknown(store, unknown);
  const records: ExperimentRecord[] = [];
  for (const row of rows) {
    if (names !== undefined && !names.includes(row.name)) continue;
    const tags = await store.read<{ key: string; value: string }>(
      "SELECT key, value FROM tracking_experiment_tags WHERE experiment = ? ORDER BY key",
      [row.id],
    );
    records.push({
      ...{ experimentId: String(row.id), name: row.name, artifactLocation: row.artifact_location },
      ...{ lifecycle: row.lifecycle, createdMs: row.created_ms, updatedMs: row.updated_ms, tags },
    });
  }
  return records;
}

async function readOwners({ store }: LocationContext, experimentId: string): Promise<ArtifactOwner[]> {
  const rows = await store.read<{ run_id: string; artifact_uri: string }>(
    "SELECT run_id, artifact_uri FROM tracking_runs WHERE experiment = ? ORDER BY start_ms, run_id",
    [Number(experimentId)],
  );
  return rows.map(({ run_id, artifact_uri }) => ({ id: run_id, artifactUri: artifact_uri }));
}

async function readRun({ store }: LocationContext, runId: string): Promise<RunRecord> {
  const [row] = await store.read<RunRow & { deleted_ms: number | null }>(
    `SELECT ${runColumns}, r.deleted_ms FROM tracking_runs r WHERE r.run_id = ?`,
    [runId],
  );
  const [run] = row ? await loadRuns(store, [row]) : [];
  if (!row || !run) throw missing(`Run with id=${runId} not found`);
  return {
    ...{ runId, name: row.name, userId: row.user_id, status: row.status, lifecycle: row.lifecycle },
    ...{ startMs: row.start_ms, endMs: row.end_ms, deletedMs: row.deleted_ms },
    artifactUri: row.artifact_uri,
    ...{ params: run.params, tags: run.tags, latest: run.metrics, datasets: run.datasets },
    metrics: await readPoints(store, row.id),
    models: [
      ...run.modelInputs.map((modelId) => ({ modelId, role: "input" as const, step: 0 })),
      ...run.modelOutputs.map((output) => ({ ...output, role: "output" as const })),
    ],
  };
}

interface PointRow {
  readonly key: string;
  readonly value: number;
  readonly is_nan: number;
  readonly step: number;
  readonly timestamp_ms: number;
}

async function readPoints(store: LocationContext["store"], run: number): Promise<Metric[]> {
  const order = "key, timestamp_ms, step, value, is_nan";
  const points: Metric[] = [];
  for (let last: PointRow | undefined; ; ) {
    const beyond = last ? `AND (${order}) > (?, ?, ?, ?, ?)` : "";
    const after = last ? [last.key, last.timestamp_ms, last.step, last.value, last.is_nan] : [];
    const rows = await store.read<PointRow>(
      `SELECT ${order} FROM tracking_metrics WHERE run = ? ${beyond} ORDER BY ${order} LIMIT ${chunk}`,
      [run, ...after],
    );
    for (const { key, value, is_nan, step, timestamp_ms } of rows) {
      points.push({ key, value: fromStored(value, is_nan), timestampMs: timestamp_ms, step });
    }
    last = rows.at(-1);
    if (!last || rows.length < chunk) return points;
  }
}

async function readModels(context: LocationContext, experimentId: string): Promise<LoggedModelRecord[]> {
  const rows = await context.store.read<LoggedModelRow & { lifecycle: LoggedModelRecord["lifecycle"] }>(
    `SELECT ${loggedModelColumns}, l.lifecycle FROM tracking_logged_models l WHERE l.experiment = ?
      ORDER BY l.created_ms, l.model_id`,
    [Number(experimentId)],
  );
  const records: LoggedModelRecord[] = [];
  for (const row of rows) {
    const [model] = await loadLoggedModels(context, [row]);
    if (!model) continue;
    const { experimentId: _, modelType, sourceRunId, statusMessage, status, ...rest } = model;
    records.push({
      ...rest,
      modelType: modelType ?? null,
      sourceRunId: sourceRunId ?? null,
      status: modelStatuses.indexOf(status),
      statusMessage: statusMessage ?? null,
      lifecycle: row.lifecycle,
    });
  }
  return records;
}

/** Paths read at once. */
const pathsAtOnce = 1000;

async function* readFiles(
  { store, artifacts }: LocationContext,
  artifactUri: string,
): AsyncGenerator<FileRecord | FolderRecord> {
  const root = containedRoot(artifactUri);
  if (root === undefined) return;
  const [from, to] = rangeBelow(root);
  async function* content(digest: string): AsyncGenerator<Uint8Array> {
    yield* (await artifacts.open(digest)).stream;
  }
  for (let after = from; ; ) {
    const rows = await store.read<{ path: string; digest: string; size: number; kind: string }>(
      `SELECT path, digest, size, kind FROM tracking_artifacts WHERE path > ? AND path < ?
        ORDER BY path LIMIT ${pathsAtOnce}`,
      [after, to],
    );
    for (const { path: whole, digest, size, kind } of rows) {
      const path = whole.slice(from.length);
      if (kind === "file") yield { path, digest, size, open: () => content(digest) };
      else yield { path, digest, size, entries: await artifacts.entries(digest), open: content };
    }
    after = rows.at(-1)?.path ?? after;
    if (rows.length < pathsAtOnce) return;
  }
}
