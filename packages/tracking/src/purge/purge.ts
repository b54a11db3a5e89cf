import type { Context } from "../context.ts";
import { parseExperimentId } from "../experiments/experiment.ts";
import { forgetModels, forgetVersions, modelsEverOf } from "../history/version-notes.ts";
import { containedRoot, rangeBelow } from "../locations/root.ts";
import type { SqlValue, Statement } from "../store/index.ts";

/** What a purge took away. */
export interface Purged {
  readonly runIds: readonly string[];
  /** Digests that nothing in the tracker refers to any more: their content may be removed. */
  readonly unreferenced: readonly string[];
}

interface Target {
  readonly run_id: string;
  readonly artifact_uri: string;
}

/**
 * Removes runs for good: their values, artifacts, logged models, and the versions registered from them
 * (a model left without versions goes too). Runs that are not there are passed over.
 */
export async function purgeRuns(context: Context, runIds: readonly string[]): Promise<Purged> {
  const { store } = context;
  const targets = await readAmong<Target>(store, "run_id, artifact_uri FROM tracking_runs", runIds);
  const models = await readAmong<{ model: number }>(store, "DISTINCT model FROM tracking_versions", runIds);
  const everOf = await modelsEverOf(context, runIds);
  const results = await store.write([
    ...removeLoggedModels(
      "source_run_id = ?",
      targets.map(({ run_id }) => [run_id]),
    ),
    ...removeArtifacts(targets),
    ...forgetVersions(context, runIds),
    ...removeVersions(
      targets,
      models.map(({ model }) => model),
    ),
    forgetModels(everOf),
    {
      sql: "DELETE FROM tracking_logged_model_metrics WHERE run_id = ?",
      rows: targets.map(({ run_id }) => [run_id]),
    },
    { sql: "DELETE FROM tracking_runs WHERE run_id = ?", rows: targets.map(({ run_id }) => [run_id]) },
    removeUnusedDatasets,
  ]);
  const digests = results.flatMap(({ rows }) => rows.flatMap((row) => row.digest ?? []));
  return { runIds: targets.map(({ run_id }) => run_id), unreferenced: await unused(store, digests) };
}

/** Removes an experiment for good, with everything below it. One that is not there is passed over. */
export async function purgeExperiment(context: Context, experimentId: string): Promise<Purged> {
  const { store } = context;
  const id = parseExperimentId(experimentId);
  // No run starts in an experiment that is marked as deleted.
  await store.write([
    { sql: "UPDATE tracking_experiments SET lifecycle = 'deleted' WHERE id = ?", params: [id] },
  ]);
  const [runs = [], experiment = []] = await store.snapshot([
    { sql: "SELECT run_id FROM tracking_runs WHERE experiment = ?", params: [id] },
    { sql: "SELECT artifact_location FROM tracking_experiments WHERE id = ?", params: [id] },
  ]);
  const purged = await purgeRuns(
    context,
    runs.map((row) => String(row.run_id)),
  );
  const own = containedRoot(String(experiment[0]?.artifact_location ?? ""));
  // Only a folder named after the experiment is its own: a location given by hand may be shared.
  const folder = own === String(id) ? removeArtifacts([{ artifact_uri: `mlflow-artifacts:/${own}` }]) : [];
  const results = await store.write([
    ...removeLoggedModels("experiment = ?", [[id]]),
    ...folder,
    { sql: "DELETE FROM tracking_datasets WHERE experiment = ?", params: [id] },
    { sql: "DELETE FROM tracking_experiments WHERE id = ?", params: [id] },
  ]);
  const digests = results.flatMap(({ rows }) => rows.flatMap((row) => row.digest ?? []));
  const unreferenced = new Set([...purged.unreferenced, ...(await unused(store, digests))]);
  return { runIds: purged.runIds, unreferenced: [...unreferenced] };
}

/** Every digest that the tracker refers to, each once, while it is being written to. */
export async function* liveDigests({ store }: Context): AsyncGenerator<string> {
  let after = "";
  for (;;) {
    const rows = await store.read<{ digest: string }>(
      `SELECT digest FROM (SELECT digest FROM tracking_artifacts UNION SELECT digest FROM tracking_versions
          UNION SELECT digest FROM tracking_upload_parts) used
        WHERE digest > ? ORDER BY digest LIMIT 1000`,
      [after],
    );
    for (const { digest } of rows) yield digest;
    const last = rows.at(-1);
    if (!last) return;
    after = last.digest;
  }
}

async function readAmong<T>(
  store: Context["store"],
  columns: string,
  runIds: readonly string[],
): Promise<T[]> {
  const found: T[] = [];
  for (let from = 0; from < runIds.length; from += 1000) {
    const some = runIds.slice(from, from + 1000);
    const marks = some.map(() => "?").join(", ");
    found.push(...(await store.read<T>(`SELECT ${columns} WHERE run_id IN (${marks})`, some)));
  }
  return found;
}

function removeArtifacts(targets: readonly { artifact_uri: string }[]): Statement[] {
  const ranges = targets.flatMap(({ artifact_uri }) => {
    const root = containedRoot(artifact_uri);
    return root ? [rangeBelow(root)] : [];
  });
  return [
    { sql: "DELETE FROM tracking_uploads WHERE path >= ? AND path < ?", rows: ranges },
    { sql: "DELETE FROM tracking_artifacts WHERE path >= ? AND path < ? RETURNING digest", rows: ranges },
  ];
}

function removeLoggedModels(where: string, rows: SqlValue[][]): Statement[] {
  return [
    {
      sql: `DELETE FROM tracking_artifacts WHERE path IN (
          SELECT a.path FROM tracking_logged_models l JOIN tracking_artifacts a
          ON a.path >= SUBSTR(l.artifact_uri, 19) || '/' AND a.path < SUBSTR(l.artifact_uri, 19) || '0'
          WHERE l.${where} AND l.artifact_uri LIKE 'mlflow-artifacts:/%') RETURNING digest`,
      rows,
    },
    {
      sql: `DELETE FROM tracking_run_models
        WHERE model_id IN (SELECT model_id FROM tracking_logged_models WHERE ${where})`,
      rows,
    },
    { sql: `DELETE FROM tracking_logged_models WHERE ${where}`, rows },
  ];
}

function removeVersions(targets: readonly Target[], models: readonly number[]): Statement[] {
  return [
    {
      sql: "DELETE FROM tracking_versions WHERE run_id = ? RETURNING digest",
      rows: targets.map(({ run_id }) => [run_id]),
    },
    {
      sql: `DELETE FROM tracking_models WHERE id = ?
        AND NOT EXISTS (SELECT 1 FROM tracking_versions v WHERE v.model = tracking_models.id)`,
      rows: models.map((id) => [id]),
    },
  ];
}

const removeUnusedDatasets: Statement = {
  sql: `DELETE FROM tracking_datasets
    WHERE NOT EXISTS (SELECT 1 FROM tracking_inputs i WHERE i.dataset = tracking_datasets.id)`,
};

async function unused(store: Context["store"], digests: readonly SqlValue[]): Promise<string[]> {
  const asked = [...new Set(digests.map(String))];
  const found: string[] = [];
  for (let from = 0; from < asked.length; from += 1000) {
    const some = asked.slice(from, from + 1000);
    const marks = some.map(() => "?").join(", ");
    const live = await store.read<{ digest: string }>(
      `SELECT digest FROM tracking_artifacts WHERE digest IN (${marks})
        UNION SELECT digest FROM tracking_versions WHERE digest IN (${marks})
        UNION SELECT digest FROM tracking_upload_parts WHERE digest IN (${marks})`,
      [...some, ...some, ...some],
    );
    const kept = new Set(live.map(({ digest }) => digest));
    found.push(...some.filter((digest) => !kept.has(digest)));
  }
  return found;
}
