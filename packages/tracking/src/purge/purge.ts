import type { Context } from "../context.ts";
import { TrackingError } from "../errors.ts";
import { parseExperimentId } from "../experiments/experiment.ts";
import { StoreRefusal } from "../store/index.ts";
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
  const { plan, results } = await carryOut(context, roots);
  const digests = results.flatMap(({ rows }) => rows.flatMap((row) => row.digest ?? []));
  return {
    runIds: plan.runs.map(({ run_id }) => run_id),
    unreferenced: await unusedOf(store, digests),
    plan,
  };
}

const registered = "registered-meanwhile";
const mostPlans = 20;

/** Plans and removes; plans anew when a version was registered in between, which may be one of what goes. */
async function carryOut(context: Context, roots: PurgeRoots) {
  const { store } = context;
  for (let tries = 1; ; tries += 1) {
    const [last] = await store.read<{ id: number | null }>("SELECT MAX(id) AS id FROM registry_history");
    const plan = await planPurge(context, roots);
    const guard = {
      sql: "SELECT id FROM registry_history WHERE id > ? AND field = 'version' LIMIT 1",
      params: [last?.id ?? 0],
      refuse: registered,
    };
    try {
      const [, ...results] = await store.write([guard, ...removal(context, plan)]);
      return { plan, results };
    } catch (error) {
      if (!(error instanceof StoreRefusal) || error.tag !== registered) throw error;
      if (tries === mostPlans) throw busy();
    }
  }
}

function busy(): TrackingError {
  return new TrackingError(
    "SCANFLOW_STORE_BUSY",
    "Versions of models are registered all the time, so that what is to go cannot be told. Nothing was removed: try again when it is quieter.",
  );
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
