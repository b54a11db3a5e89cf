import type { Context } from "../context.ts";
import { containedRoot } from "../locations/root.ts";
import { deletedStage } from "../registry/model.ts";
import { readAmong } from "./among.ts";
import { amongVersions, type VersionPlace } from "./placed.ts";
import { type PurgePlan, type PurgeRoots, planPurge } from "./purge-plan.ts";

/** Something that stays, though the choice was for it. */
export interface Kept {
  readonly kind: "run" | "experiment" | "logged model";
  /** Of an experiment its name, else an id. */
  readonly name: string;
  /** Why, and how to remove it all the same. */
  readonly why: string;
}

/** Why runs stay for reasons that the tracker does not know, by their ids. */
export type Hold = (runIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;

interface Spared {
  readonly roots: PurgeRoots;
  readonly kept: readonly Kept[];
}

type Store = Pick<Context, "store">;

/**
 * Takes out of what was deleted what a version of a model that is still there was registered from, or what is held
 * otherwise, with the experiments around it.
 */
export async function spareRegistered(
  { store }: Store,
  asked: PurgeRoots,
  hold: Hold | undefined,
): Promise<Spared> {
  const kept = new Map<string, Kept>();
  let roots = asked;
  for (;;) {
    const plan = await planPurge({ store }, roots);
    const reasons = await reasonsToStay({ store }, plan, hold);
    if (reasons.runs.size + reasons.loggedModels.size === 0) return { roots, kept: [...kept.values()] };
    for (const [name, why] of reasons.runs) kept.set(`run ${name}`, { kind: "run", name, why });
    for (const [name, why] of reasons.loggedModels)
      kept.set(`model ${name}`, { kind: "logged model", name, why });
    const around = experimentsAround(plan, reasons);
    const going = (roots.experiments ?? []).filter((id) => around.has(id));
    for (const { id, name } of await namesOf({ store }, going)) {
      kept.set(`experiment ${id}`, { kind: "experiment", name, why: "something in it stays" });
    }
    roots = {
      ...roots,
      experiments: (roots.experiments ?? []).filter((id) => !around.has(id)),
      runIds: (roots.runIds ?? []).filter((id) => !reasons.runs.has(id)),
      loggedModels: (roots.loggedModels ?? []).filter((id) => !reasons.loggedModels.has(id)),
    };
  }
}

interface Reasons {
  readonly runs: Map<string, string>;
  readonly loggedModels: Map<string, string>;
}

interface LiveVersion extends VersionPlace {
  readonly name: string;
  readonly run_id: string | null;
  readonly model_id: string | null;
  readonly place: string | null;
}

async function reasonsToStay({ store }: Store, plan: PurgePlan, hold: Hold | undefined): Promise<Reasons> {
  const held = hold ? await hold(plan.runs.map(({ run_id }) => run_id)) : [];
  const reasons: Reasons = { runs: new Map(held), loggedModels: new Map() };
  const isPlanned = amongVersions(plan.versions);
  const rows = await readAmong<LiveVersion>(
    store,
    `SELECT v.model, v.version, m.name, v.run_id, v.model_id, v.storage_location AS place
      FROM tracking_versions v JOIN tracking_models m ON m.id = v.model
      WHERE v.stage <> '${deletedStage}' AND v.model IN`,
    [...new Set(plan.versions.map(({ model }) => model))],
  );
  for (const row of rows) if (isPlanned(row)) addReason(plan, row, reasons);
  return reasons;
}

function addReason({ runs, loggedModels }: PurgePlan, row: LiveVersion, reasons: Reasons): void {
  const { name, version, run_id, model_id, place } = row;
  const why = `version ${version} of model ${name} was registered from it; purge or delete that first`;
  const isIn = (uri: string) => {
    const [root, inside] = [containedRoot(uri), containedRoot(place ?? "")];
    return root !== undefined && inside !== undefined && (inside === root || inside.startsWith(`${root}/`));
  };
  const stay = (runId: string) => {
    if (!reasons.runs.has(runId)) reasons.runs.set(runId, why);
  };
  for (const run of runs) {
    if (run.run_id === run_id || isIn(run.artifact_uri)) stay(run.run_id);
  }
  for (const model of loggedModels) {
    if (model.model_id !== model_id && !isIn(model.artifact_uri)) continue;
    reasons.loggedModels.set(model.model_id, why);
    const source = model.source_run_id;
    if (source !== null && runs.some((run) => run.run_id === source)) stay(source);
  }
}

function experimentsAround(plan: PurgePlan, reasons: Reasons): ReadonlySet<number> {
  return new Set([
    ...plan.runs.filter(({ run_id }) => reasons.runs.has(run_id)).map(({ experiment }) => experiment),
    ...plan.loggedModels
      .filter(({ model_id }) => reasons.loggedModels.has(model_id))
      .map(({ experiment }) => experiment),
  ]);
}

function namesOf({ store }: Store, ids: readonly number[]): Promise<{ id: number; name: string }[]> {
  return readAmong(store, "SELECT id, name FROM tracking_experiments WHERE id IN", ids);
}
