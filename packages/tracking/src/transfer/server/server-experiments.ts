import { experimentUnknownAmong } from "../../experiments/experiment-unknown.ts";
import { containedRoot } from "../../locations/root.ts";
import type {
  ArtifactOwner,
  ExperimentRecord,
  FileRecord,
  LoggedModelRecord,
  ModelRecord,
  TransferSource,
  VersionRecord,
} from "../records.ts";
import type { Spool } from "./spool.ts";

/**
 * Experiments of these names on a running server, with what belongs to them. Others write meanwhile: the lists of runs
 * and of logged models are those that were asked for first. Files come with digest and size, through a spool.
 * Errors: SCANFLOW_TRACKING_MISSING for a name that no experiment has; those of the source.
 */
export async function serverExperiments(
  source: TransferSource,
  names: readonly string[],
  spool: Spool,
): Promise<TransferSource> {
  const experiments = await named(source, names);
  const runs = once((id) => source.runs(id));
  const loggedModels = once((id) => source.loggedModels(id));
  return {
    ...source,
    experiments: async () => experiments,
    runs,
    loggedModels,
    models: async () =>
      modelsMadeIn(await source.models(), await madeIn({ experiments, runs, loggedModels })),
    files: (owner) => spooled(source, owner, spool),
  };
}

/** The experiments of these names. Errors: SCANFLOW_TRACKING_MISSING. */
export async function named(source: TransferSource, names: readonly string[]): Promise<ExperimentRecord[]> {
  const all = await source.experiments();
  const unknown = names.find((name) => !all.some((one) => one.name === name));
  if (unknown === undefined) return all.filter(({ name }) => names.includes(name));
  throw experimentUnknownAmong(
    unknown,
    all.map(({ name }) => name),
  );
}

function once<T>(ask: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const asked = new Map<string, Promise<T>>();
  return (id) => {
    const answer = asked.get(id) ?? ask(id);
    asked.set(id, answer);
    return answer;
  };
}

interface Lists {
  readonly experiments: readonly ExperimentRecord[];
  readonly runs: (experimentId: string) => Promise<readonly ArtifactOwner[]>;
  readonly loggedModels: (experimentId: string) => Promise<readonly LoggedModelRecord[]>;
}

/** Whether a version was made from a run or a logged model of the experiments, or from files below one. */
async function madeIn({
  experiments,
  runs,
  loggedModels,
}: Lists): Promise<(version: VersionRecord) => boolean> {
  const runIds = new Set<string>();
  const sources = new Set<string>();
  for (const { experimentId } of experiments) {
    for (const { id } of await runs(experimentId)) runIds.add(id);
    for (const { modelId } of await loggedModels(experimentId)) sources.add(`models:/${modelId}`);
  }
  const roots = experiments.flatMap(({ artifactLocation }) => containedRoot(artifactLocation) || []);
  return ({ runId, source, storageLocation }) => {
    const place = containedRoot(storageLocation ?? source);
    const isBelow = roots.some((root) => place?.startsWith(`${root}/`));
    return (runId !== null && runIds.has(runId)) || sources.has(source) || isBelow;
  };
}

function modelsMadeIn(
  models: readonly ModelRecord[],
  isMadeThere: (version: VersionRecord) => boolean,
): ModelRecord[] {
  return models
    .map((model) => ({ ...model, versions: model.versions.filter(isMadeThere) }))
    .filter(({ versions }) => versions.length > 0);
}

async function* spooled(
  source: TransferSource,
  owner: ArtifactOwner,
  spool: Spool,
): AsyncGenerator<FileRecord> {
  for await (const file of source.files(owner)) {
    if ("open" in file && !("entries" in file)) yield { path: file.path, ...(await spool.keep(file.open())) };
  }
}
