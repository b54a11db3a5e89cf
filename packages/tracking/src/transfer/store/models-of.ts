import type { Context } from "../../context.ts";
import { containedRoot } from "../../locations/root.ts";
import {
  loadVersions,
  type ModelRow,
  modelColumns,
  type VersionRow,
  versionColumns,
  versionTables,
} from "../../registry/load-models.ts";
import { deletedStage } from "../../registry/model.ts";
import type { ExperimentRecord, ModelRecord, VersionRecord } from "../records.ts";

/**
 * The registered models with the versions that were made in these experiments: from a run or a logged model of one, or
 * from files below it. Numbers of deleted versions come along, so that none is given twice. All models, when no
 * experiments are given.
 */
export async function modelsOf(
  context: Context,
  experiments: readonly ExperimentRecord[] | undefined,
): Promise<ModelRecord[]> {
  const models = await context.store.read<ModelRow>(
    `SELECT ${modelColumns} FROM tracking_models m ORDER BY m.name`,
  );
  const records: ModelRecord[] = [];
  for (const model of models) {
    const rows = await context.store.read<VersionRow>(
      `SELECT ${versionColumns} FROM ${versionTables} WHERE v.model = ? ORDER BY v.version`,
      [model.id],
    );
    const wanted = experiments === undefined ? rows : await madeIn(context, rows, experiments);
    if (wanted.length === 0 && experiments !== undefined) continue;
    const tags = await context.store.read<{ key: string; value: string }>(
      "SELECT key, value FROM tracking_model_tags WHERE model = ? ORDER BY key",
      [model.id],
    );
    records.push({
      ...{ name: model.name, description: model.description, tags },
      ...{ createdMs: model.created_ms, updatedMs: model.updated_ms },
      versions: await versionRecords(context, wanted),
    });
  }
  return records;
}

async function madeIn(
  { store }: Context,
  rows: readonly VersionRow[],
  experiments: readonly ExperimentRecord[],
): Promise<VersionRow[]> {
  const ids = experiments.map(({ experimentId }) => Number(experimentId)).join(", ");
  const roots = experiments.flatMap(({ artifactLocation }) => containedRoot(artifactLocation) || []);
  const isMadeIn = async ({ run_id, model_id, storage_location, source }: VersionRow): Promise<boolean> => {
    const found = await store.read(
      `SELECT 1 AS found FROM tracking_runs WHERE run_id = ? AND experiment IN (${ids})
        UNION SELECT 1 FROM tracking_logged_models WHERE model_id = ? AND experiment IN (${ids})`,
      [run_id, model_id],
    );
    const place = containedRoot(storage_location ?? source);
    return found.length > 0 || roots.some((root) => place?.startsWith(`${root}/`));
  };
  const made: VersionRow[] = [];
  for (const row of rows) if (row.stage !== gone && (await isMadeIn(row))) made.push(row);
  if (made.length === 0) return [];
  return [...made, ...rows.filter(({ stage }) => stage === gone)].sort((a, b) => a.version - b.version);
}

/** The protocol does not know this stage. */
const gone: string = deletedStage;

async function versionRecords(context: Context, rows: readonly VersionRow[]): Promise<VersionRecord[]> {
  const versions = await loadVersions(context, rows);
  return versions.map((version, at) => ({
    version: version.version,
    description: version.description ?? null,
    userId: version.userId ?? null,
    source: version.source,
    storageLocation: rows[at]?.storage_location ?? null,
    runId: version.runId ?? null,
    runLink: version.runLink ?? null,
    status: version.status,
    statusMessage: version.statusMessage ?? null,
    stage: version.stage,
    createdMs: version.createdMs,
    updatedMs: version.updatedMs,
    tags: version.tags,
    aliases: version.aliases,
  }));
}
