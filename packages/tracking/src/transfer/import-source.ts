import type { LocationContext } from "../locations/locations.ts";
import { makeExperiment, type Naming, planExperiments } from "./import-experiment.ts";
import { importLoggedModel } from "./import-logged-model.ts";
import { checkModels, importModel } from "./import-models.ts";
import { importRun } from "./import-run.ts";
import { isLocal, MovedPlaces, ownPlace } from "./place-of.ts";
import type { TransferSource } from "./records.ts";

export interface ImportOptions extends Naming {
  /** Told after each run. */
  readonly onRun?: (progress: ImportProgress) => void;
}

export interface ImportProgress {
  /** Name of the experiment here. */
  readonly experiment: string;
  /** How many of its runs are done. */
  readonly done: number;
  readonly of: number;
}

/** What an import added; what was here already is not counted but for `present`. */
export interface Imported {
  readonly experiments: number;
  readonly runs: number;
  readonly loggedModels: number;
  readonly versions: number;
  readonly files: number;
  /** Runs that were here already. */
  readonly present: number;
}

/**
 * Takes over all that a source holds. Each experiment, each run with its files, and each registered model appears
 * whole or not at all; what is here already is passed over, so an import that broke off may be repeated.
 * Errors: SCANFLOW_TRANSFER_NAME_TAKEN before anything is written; others of SCANFLOW_TRANSFER_… where they occur.
 */
export async function importSource(
  context: LocationContext,
  source: TransferSource,
  { onRun = () => {}, ...naming }: ImportOptions = {},
): Promise<Imported> {
  const planned = await planExperiments(context, await source.experiments(), naming);
  const models = (await source.models()).map((model) => ({
    ...model,
    name: `${naming.prefix ?? ""}${model.name}`,
  }));
  await checkModels(context, models);
  const counts = { experiments: 0, runs: 0, loggedModels: 0, versions: 0, files: 0, present: 0 };
  const moved = new MovedPlaces();
  let shared: string | undefined;
  for (const experiment of planned) {
    const { record, name } = experiment;
    let experimentId = experiment.id ?? shared;
    if (experimentId === undefined) {
      experimentId = await makeExperiment(context, experiment, naming.into !== undefined);
      counts.experiments += 1;
      if (naming.into !== undefined) shared = experimentId;
    }
    const runs = await source.runs(record.experimentId);
    for (const [done, { id, artifactUri }] of runs.entries()) {
      if (isLocal(artifactUri)) moved.add(artifactUri, ownPlace(experimentId, id));
      const files = await importRun(context, source, { runId: id, experimentId });
      if (files === undefined) counts.present += 1;
      else counts.runs += 1;
      counts.files += files ?? 0;
      onRun({ experiment: name, done: done + 1, of: runs.length });
    }
    for (const model of await source.loggedModels(record.experimentId)) {
      const files = await importLoggedModel(context, source, { model, experimentId, moved });
      if (files !== undefined) counts.loggedModels += 1;
      counts.files += files ?? 0;
    }
  }
  for (const model of models) counts.versions += await importModel(context, model, moved);
  return counts;
}
