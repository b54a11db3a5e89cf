import { GatheredUnit } from "../store/index.ts";
import type { Tracking } from "../tracking.ts";
import { describePlan, type PlanNames } from "./describe-plan.ts";
import { usedDigests } from "./live-digests.ts";
import { purge } from "./purge.ts";
import { type PurgePlan, type PurgeRoots, planPurge } from "./purge-plan.ts";
import { type PurgeTarget, rootsOf } from "./purge-target.ts";
import { removal } from "./removal.ts";
import { type Hold, type Kept, spareRegistered } from "./spare-registered.ts";

/** A purge before it is done. */
export interface PreparedPurge {
  readonly roots: PurgeRoots;
  readonly plan: PurgePlan;
  readonly names: PlanNames;
  /** What was deleted, but stays. */
  readonly kept: readonly Kept[];
}

/** What a purge removed, or would remove. */
export interface PurgeReport extends PlanNames {
  readonly kept: readonly Kept[];
  /** Files of the artifact store that nothing refers to any more, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** Files that nothing refers to either, but that another server may just have put: `collectTrackerGarbage` takes them. */
  readonly young: number;
}

/** Content that another server of the same database has put and not yet laid anywhere is younger than this. */
export const sharedGraceMs = 60_000;

/**
 * Looks up what a purge takes along. Of what was deleted, runs and models from which a version that is still there was
 * registered stay, and those that `hold` names. Errors: SCANFLOW_TRACKING_MISSING.
 */
export async function preparePurge(
  { context }: Pick<Tracking, "context">,
  target: PurgeTarget,
  hold?: Hold,
): Promise<PreparedPurge> {
  const asked = await rootsOf(context, target);
  const { roots, kept } =
    target.kind === "deleted" ? await spareRegistered(context, asked, hold) : { roots: asked, kept: [] };
  const plan = await planPurge(context, roots);
  return { roots, plan, kept, names: await describePlan(context, plan) };
}

/**
 * Removes things for good, and then what they leave in the artifact store. All or nothing as far as names go:
 * SCANFLOW_TRACKING_MISSING when one is unknown, and nothing is removed. A process that ends in between leaves files
 * that nothing refers to, which `collectTrackerGarbage` takes.
 */
export async function purgeByName(
  tracking: Pick<Tracking, "context" | "liveDigests">,
  target: PurgeTarget,
  { dryRun = false, probe }: { readonly dryRun?: boolean; readonly probe?: (point: string) => void } = {},
): Promise<PurgeReport> {
  const { context } = tracking;
  const { roots, plan, names, kept } = await preparePurge(tracking, target);
  const graceMs = context.store.shared ? sharedGraceMs : 0;
  // Files know the time of their disk, whatever the tracker takes for its own.
  const swept = async (live: AsyncIterable<string> | Iterable<string>, only: Iterable<string>) => {
    const { removed, bytes, young } = await context.artifacts.sweep({
      ...{ live, only, graceMs, dryRun },
      now: Date.now(),
    });
    return { ...names, kept, files: removed, bytes, young };
  };
  if (dryRun) {
    const { live, lost } = await foresee(tracking, plan);
    return swept(live, lost);
  }
  const { runIds, unreferenced } = await purge(context, roots);
  context.index.forget(runIds);
  probe?.("purge:rows");
  return swept(tracking.liveDigests(), unreferenced);
}

/** What would be referred to after a removal, and what not any more. */
async function foresee(
  { context, liveDigests }: Pick<Tracking, "context" | "liveDigests">,
  plan: PurgePlan,
): Promise<{ live: ReadonlySet<string>; lost: readonly string[] }> {
  const before: string[] = [];
  for await (const digest of liveDigests()) before.push(digest);
  const unit = new GatheredUnit(context.store);
  unit.statements.push(...removal(context, plan));
  const live = new Set(await unit.foresee(usedDigests(context.now())));
  return { live, lost: before.filter((digest) => !live.has(digest)) };
}
