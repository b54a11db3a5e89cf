import type { Context } from "../context.ts";
import { noteArchived, noteStage } from "../history/version-notes.ts";
import { invalid } from "../refusal.ts";
import type { Statement } from "../store/index.ts";
import { parseStage, type Version } from "./model.ts";
import { getModel } from "./models.ts";
import { getVersion, touchModel, versionRow } from "./versions.ts";

export interface Transition {
  readonly name: string;
  readonly version: string;
  readonly stage: string;
  /** Moves the versions that are in the stage now to `Archived`. */
  readonly archiveExisting: boolean;
}

/** Moves a version to a stage (None, Staging, Production, Archived; case does not matter). */
export async function transitionStage(context: Context, transition: Transition): Promise<Version> {
  const { name, version, archiveExisting } = transition;
  const stage = parseStage(transition.stage);
  if (archiveExisting && stage !== "Staging" && stage !== "Production") {
    throw invalid(
      `Model version transition cannot archive existing model versions because '${transition.stage}' is not an Active stage. Valid stages are ['Staging', 'Production']`,
    );
  }
  const row = await versionRow(context, name, version);
  const at = context.now();
  const unit: Statement[] = [
    ...(archiveExisting ? [noteArchived(context, row, stage)] : []),
    noteStage(context, row, stage),
    {
      sql: "UPDATE tracking_versions SET stage = ?, updated_ms = ? WHERE model = ? AND version = ?",
      params: [stage, at, row.model, row.version],
    },
    touchModel(row.model, at),
  ];
  if (archiveExisting) {
    unit.push({
      sql: `UPDATE tracking_versions SET stage = 'Archived', updated_ms = ?
        WHERE model = ? AND version <> ? AND stage = ?`,
      params: [at, row.model, row.version, stage],
    });
  }
  await context.store.write(unit);
  return getVersion(context, name, version);
}

/** The newest version of each of the stages asked for, or of every stage. */
export async function latestVersions(
  context: Context,
  name: string,
  stages: readonly string[],
): Promise<Version[]> {
  const { latestVersions: latest } = await getModel(context, name);
  if (stages.length === 0) return [...latest];
  const wanted = stages.map(parseStage);
  return latest.filter(({ stage }) => wanted.includes(stage));
}
