import { getExperimentByName } from "../experiments/experiments.ts";
import type { Tracking } from "../tracking.ts";

/** What is to be removed for good: runs by their ids, or an experiment by its name. */
export type PurgeTarget =
  | { readonly kind: "runs"; readonly runIds: readonly string[] }
  | { readonly kind: "experiment"; readonly name: string };

/** What a purge removed, or would remove. */
export interface PurgeReport {
  readonly runIds: readonly string[];
  /** Files of the artifact store that nothing refers to any more, and their bytes; a dry run does not count them. */
  readonly files: number;
  readonly bytes: number;
}

/** Content that another server of the same database has put and not yet laid anywhere is younger than this. */
const sharedGraceMs = 60_000;

/**
 * Removes runs or an experiment for good, and then what they leave in the artifact store. All or nothing as far as
 * names go: SCANFLOW_TRACKING_MISSING when one is unknown, and nothing is removed.
 */
export async function purgeByName(
  tracking: Tracking,
  target: PurgeTarget,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<PurgeReport> {
  const { context } = tracking;
  if (target.kind === "runs") {
    for (const runId of target.runIds) await tracking.getRun(runId);
    if (dryRun) return { runIds: [...new Set(target.runIds)], files: 0, bytes: 0 };
    return sweep(tracking, await tracking.purgeRuns([...new Set(target.runIds)]));
  }
  const { experimentId } = await getExperimentByName(context, target.name);
  if (!dryRun) return sweep(tracking, await tracking.purgeExperiment(experimentId));
  const rows = await context.store.read<{ run_id: string }>(
    "SELECT run_id FROM tracking_runs WHERE experiment = ? ORDER BY run_id",
    [Number(experimentId)],
  );
  return { runIds: rows.map(({ run_id }) => run_id), files: 0, bytes: 0 };
}

async function sweep(
  { context, liveDigests }: Tracking,
  { runIds, unreferenced }: Awaited<ReturnType<Tracking["purgeRuns"]>>,
): Promise<PurgeReport> {
  const { removed, bytes } = await context.artifacts.sweep({
    live: liveDigests(),
    only: unreferenced,
    graceMs: context.store.shared ? sharedGraceMs : 0,
    // Files know the time of their disk, whatever the tracker takes for its own.
    now: Date.now(),
  });
  return { runIds, files: removed, bytes };
}
