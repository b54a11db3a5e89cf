import type { FileRecord, FolderRecord, TransferSource } from "../records.ts";

/** All that a source holds, by what it is of; files by their digests. */
export async function allRecords(source: TransferSource): Promise<unknown> {
  const experiments = [];
  for (const experiment of await source.experiments()) {
    const runs = [];
    for (const owner of await source.runs(experiment.experimentId)) {
      const { datasets, ...run } = await source.run(owner.id);
      runs.push({ ...run, datasets: sorted(datasets), files: await filesOf(source.files(owner)) });
    }
    const models = [];
    for (const model of await source.loggedModels(experiment.experimentId)) {
      const owner = { id: model.modelId, artifactUri: model.artifactUri };
      models.push({ ...model, files: await filesOf(source.files(owner)) });
    }
    // The default experiment is made by each tracker on its own.
    const { createdMs, updatedMs, ...own } = experiment;
    const times = own.experimentId === "0" ? {} : { createdMs, updatedMs };
    experiments.push({ ...own, ...times, runs, models });
  }
  return { experiments, models: await source.models() };
}

async function filesOf(files: AsyncIterable<FileRecord | FolderRecord>): Promise<unknown[]> {
  const found = [];
  for await (const { open: _, ...file } of files) found.push(file);
  return found;
}

function sorted<T extends { name: string; digest: string }>(datasets: readonly T[]): T[] {
  return [...datasets].sort((a, b) => (`${a.name} ${a.digest}` < `${b.name} ${b.digest}` ? -1 : 1));
}
