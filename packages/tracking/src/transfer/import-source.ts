import { eachBounded } from "../artifacts/bounded.ts";
import type { LocationContext } from "../locations/locations.ts";
import { makeExperiment, type Naming, type PlannedExperiment, planExperiments } from "./import-experiment.ts";
import { importLoggedModel } from "./import-logged-model.ts";
import { checkModels, importModel } from "./import-models.ts";
import { importRun } from "./import-run.ts";
import { MovedPlaces, ownPlace } from "./place-of.ts";
import type { TransferSource } from "./records.ts";

export interface ImportOptions extends Naming {
  /** Told after each run. */
  readonly onRun?: ((progress: ImportProgress) => void) | undefined;
  /** Ends the import before the next run, and at once where it waits for a server. */
  readonly signal?: AbortSignal | undefined;
}

/** How far an import is in one experiment. */
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
  /** Runs and logged models whose files stay where they are, such as in S3. */
  readonly elsewhere: number;
  /** Runs that were here already. */
  readonly present: number;
}

type Counts = { -readonly [Name in keyof Imported]: Imported[Name] };

/**
 * Takes over all that a source holds. Each experiment, each run with its files, and each registered model appears
 * whole or not at all; what is here already is passed over, so an import that broke off may be repeated.
 * Errors: SCANFLOW_TRANSFER_NAME_TAKEN before anything is written; others of SCANFLOW_TRANSFER_… where they occur.
 */
export async function importSource(
  context: LocationContext,
  source: TransferSource,
  { onRun, signal, ...naming }: ImportOptions = {},
): Promise<Imported> {
  const planned = await planExperiments(context, await source.experiments(), naming);
  const models = (await source.models()).map((model) => ({
    ...model,
    name: `${naming.prefix ?? ""}${model.name}`,
  }));
  await checkModels(context, models);
  const importing: Importing = {
    ...{ context, source, onRun, signal, moved: new MovedPlaces() },
    counts: { experiments: 0, runs: 0, loggedModels: 0, versions: 0, files: 0, elsewhere: 0, present: 0 },
  };
  const { counts, moved } = importing;
  let shared: string | undefined;
  for (const experiment of planned) {
    let experimentId = experiment.id ?? shared;
    if (experimentId === undefined) {
      experimentId = await makeExperiment(context, experiment, naming.into !== undefined);
      counts.experiments += 1;
      if (naming.into !== undefined) shared = experimentId;
    }
    await importContent(importing, experiment, experimentId);
  }
  for (const model of models) counts.versions += await importModel(context, model, moved);
  return counts;
}

interface Importing extends Pick<ImportOptions, "onRun" | "signal"> {
  readonly context: LocationContext;
  readonly source: TransferSource;
  readonly moved: MovedPlaces;
  readonly counts: Counts;
}

/** Writes the runs and logged models of an experiment. */
async function importContent(
  { context, source, moved, counts, onRun, signal }: Importing,
  { record, name }: PlannedExperiment,
  experimentId: string,
): Promise<void> {
  const count = (files: number | undefined, artifactUri: string) => {
    counts.files += files ?? 0;
    if (files !== undefined && artifactUri !== "" && !source.copies(artifactUri)) counts.elsewhere += 1;
  };
  const runs = await source.runs(record.experimentId);
  let done = 0;
  const importOne = async ({ id, artifactUri }: { id: string; artifactUri: string }) => {
    signal?.throwIfAborted();
    if (source.copies(artifactUri)) moved.add(artifactUri, ownPlace(experimentId, id));
    const files = await importRun(context, source, { runId: id, experimentId, signal });
    if (files === undefined) counts.present += 1;
    else counts.runs += 1;
    count(files, artifactUri);
    done += 1;
    onRun?.({ experiment: name, done, of: runs.length });
  };
  await eachBounded(runs, importOne, source.atOnce);
  for (const model of await source.loggedModels(record.experimentId)) {
    signal?.throwIfAborted();
    const files = await importLoggedModel(context, source, { model, experimentId, moved, signal });
    if (files !== undefined) counts.loggedModels += 1;
    count(files, model.artifactUri);
  }
}
