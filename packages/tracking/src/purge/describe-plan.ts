import type { Context } from "../context.ts";
import { readAmong } from "./among.ts";
import { runsHolding } from "./left-logged-models.ts";
import { modelNames } from "./named-deliveries.ts";
import { amongVersions, type VersionPlace } from "./placed.ts";
import type { PurgePlan } from "./purge-plan.ts";

/** What a plan takes away, by name. */
export interface PlanNames {
  /** Names of experiments. */
  readonly experiments: readonly string[];
  readonly runIds: readonly string[];
  /** Names of registered models that go whole. */
  readonly models: readonly string[];
  /** All versions that go, those of whole models too, as `name/version`. */
  readonly versions: readonly string[];
  /** Ids of logged models. */
  readonly loggedModels: readonly string[];
  /** Runs that stay and hold files of versions that go. */
  readonly holders: readonly string[];
}

type Store = Pick<Context, "store">;

export async function describePlan({ store }: Store, plan: PurgePlan): Promise<PlanNames> {
  const { models, emptied } = plan;
  const experiments = await readAmong<{ name: string }>(
    store,
    "SELECT name FROM tracking_experiments WHERE id IN",
    plan.experiments,
  );
  const going = await versionsGoing({ store }, plan);
  const names = await modelNames({ store }, [...models, ...emptied]);
  const runIds = new Set(plan.runs.map(({ run_id }) => run_id));
  return {
    experiments: experiments.map(({ name }) => name).sort(),
    runIds: [...runIds].sort(),
    models: [...new Set(names.values())].sort(),
    versions: going.map(({ name, version }) => `${name}/${version}`),
    loggedModels: [...plan.loggedModels, ...plan.left].map(({ model_id }) => model_id).sort(),
    holders: await holdersOf({ store }, going, runIds),
  };
}

interface Going extends VersionPlace {
  readonly name: string;
  readonly run_id: string | null;
  readonly model_id: string | null;
}

async function versionsGoing({ store }: Store, { models, versions }: PurgePlan): Promise<Going[]> {
  const rows = await readAmong<Going>(
    store,
    `SELECT v.model, m.name, v.version, v.run_id, v.model_id
      FROM tracking_versions v JOIN tracking_models m ON m.id = v.model WHERE v.model IN`,
    [...new Set([...models, ...versions.map(({ model }) => model)])],
  );
  return rows
    .filter(amongVersions(versions, new Set(models)))
    .sort((a, b) => (a.name === b.name ? a.version - b.version : a.name < b.name ? -1 : 1));
}

/** Runs that the versions were registered from, or that logged or noted the models behind them, and that stay. */
async function holdersOf(
  { store }: Store,
  going: readonly Going[],
  runIds: ReadonlySet<string>,
): Promise<string[]> {
  const asked = going.flatMap(({ run_id }) => run_id ?? []);
  const ids = [...new Set(going.flatMap(({ model_id }) => model_id ?? []))];
  const rows = [
    ...(await readAmong<{ run_id: string }>(
      store,
      "SELECT run_id FROM tracking_runs WHERE run_id IN",
      asked,
    )),
    ...(await runsHolding({ store }, ids)),
  ];
  return [...new Set(rows.map(({ run_id }) => run_id))].filter((id) => !runIds.has(id)).sort();
}
