import type { JsonObject } from "@scanflow/core";
import { dataOfPlan, formatProblem, planWorkflow } from "@scanflow/core";
import type { Catalog } from "../catalog/index.ts";
import { dataLines, findConfig, loadApplication, requireFiles } from "../config/index.ts";
import { type ActiveRun, hasEnded } from "../engine/index.ts";
import type { Begun } from "./control-run.ts";
import { readParamTexts } from "./param-texts.ts";
import type { OwnerRooms } from "./rooms.ts";

export interface StartRunOptions {
  /** Its id, made by who asks: asked for again, after an answer that was lost, it is the same run. */
  readonly run?: string | undefined;
  readonly workflow?: string | undefined;
  readonly params?: JsonObject | undefined;
  readonly texts?: Readonly<Record<string, string>> | undefined;
  readonly cache?: boolean | undefined;
  readonly user?: string | null | undefined;
}

export interface Started extends Begun {
  /** What is worth a hint in the definition. */
  readonly warnings: string[];
}

/** Reads the definition as it is now, plans the workflow and starts a run of it. */
export async function startRun(
  rooms: OwnerRooms,
  catalog: Pick<Catalog, "resolve">,
  options: StartRunOptions,
): Promise<Started> {
  const { run: id, params = {}, texts = {}, cache = true, user = null } = options;
  const known =
    id === undefined ? undefined : (await rooms.engine.journal.runs()).find(({ run }) => run === id);
  if (known) {
    if (!hasEnded(known.status)) rooms.hold(await rooms.engine.resume(known.run));
    return { run: known.run, seq: 0, warnings: [] };
  }
  const loaded = await loadApplication(findConfig(rooms.folder.root), { fresh: true });
  const { application, warnings } = loaded;
  const plan = planWorkflow(application, options.workflow);
  await requireFiles(loaded, plan);
  const data = await catalog.resolve(dataOfPlan(plan), dataLines(loaded, plan));
  const given = { ...params, ...readParamTexts(plan.params, texts) };
  const run = await rooms.engine.start(plan, {
    ...(id && { id }),
    params: given,
    ...(Object.keys(data).length > 0 && { data }),
    cache,
    user,
  });
  rooms.hold(run);
  await firstStored(run);
  return { run: run.id, seq: 0, warnings: warnings.map(formatProblem) };
}

/** A run can be asked about once its first event is stored. */
export async function firstStored(run: ActiveRun): Promise<void> {
  const stored = new Promise<void>((resolve) => {
    const unhear = run.onEvents(() => {
      unhear();
      resolve();
    });
  });
  await Promise.race([stored, run.rest()]);
}
