import type { Context } from "../context.ts";
import { parseExperimentId } from "../experiments/experiment.ts";
import { statementsAmong } from "./among.ts";
import { unusedOf } from "./live-digests.ts";
import { type PurgePlan, type PurgeRoots, planPurge } from "./purge-plan.ts";
import { removal } from "./removal.ts";

/** What a purge took away. */
export interface Purged {
  readonly runIds: readonly string[];
  /** Digests that nothing in the tracker refers to any more: their content may be removed. */
  readonly unreferenced: readonly string[];
}

/** Removes what is asked for with all that hangs on it, in one unit. What is not there is passed over. */
export async function purge(
  context: Context,
  roots: PurgeRoots,
): Promise<Purged & { readonly plan: PurgePlan }> {
  const { store } = context;
  const { experiments = [] } = roots;
  if (experiments.length > 0) {
    // No run starts in an experiment that is marked as deleted.
    await store.write(
      statementsAmong("UPDATE tracking_experiments SET lifecycle = 'deleted' WHERE id IN", experiments),
    );
  }
  const plan = await planPurge(context, roots);
  const results = await store.write(removal(context, plan));
  const digests = results.flatMap(({ rows }) => rows.flatMap((row) => row.digest ?? []));
  return {
    runIds: plan.runs.map(({ run_id }) => run_id),
    unreferenced: await unusedOf(store, digests),
    plan,
  };
}

/**
 * Removes runs for good: their values, artifacts, logged models, and the versions registered from them
 * (a model left without versions goes too). Runs that are not there are passed over.
 */
export async function purgeRuns(context: Context, runIds: readonly string[]): Promise<Purged> {
  const { plan: _, ...purged } = await purge(context, { runIds });
  return purged;
}

/** Removes an experiment for good, with everything below it. One that is not there is passed over. */
export async function purgeExperiment(context: Context, experimentId: string): Promise<Purged> {
  const { plan: _, ...purged } = await purge(context, { experiments: [parseExperimentId(experimentId)] });
  return purged;
}
