import { damaged, readGzip, readTar, type TarFile, wholeText } from "../../archive/index.ts";
import { containedRoot } from "../../locations/root.ts";
import type { FileRecord, FolderRecord, TransferSource } from "../records.ts";
import { blobPath, largestRecord, loggedModelPath, runPath } from "./archive-layout.ts";
import { type ArchivedFile, type ArchivedModel, readRecord, records } from "./archive-records.ts";
import { verifyArchive } from "./verify-archive.ts";

/**
 * Reads an archive that `exportExperiments` wrote. All of it is checked first; then it is read once more, in its own
 * order, so that no more than one run is held in memory. Errors: SCANFLOW_PACK_FORMAT, _DAMAGED, _UNSAFE.
 */
export async function openArchiveSource(file: string): Promise<TransferSource> {
  const { contents, places } = await verifyArchive(file);
  const reader = new SequentialReader(file, places);
  const experiment = (id: string) => contents.experiments.find(({ experimentId }) => experimentId === id);
  const filesBy = new Map<string, readonly ArchivedFile[]>();
  return {
    atOnce: 1,
    copies: (artifactUri) => containedRoot(artifactUri) !== undefined,
    experiments: async () => contents.experiments,
    runs: async (experimentId) => experiment(experimentId)?.runs ?? [],
    run: async (runId) => {
      const path = runPath(runId);
      const run = readRecord(records.run, path, await reader.text(path));
      // They are asked for next, one run after the other.
      filesBy.clear();
      filesBy.set(runId, run.files);
      return run;
    },
    loggedModels: async (experimentId) => {
      filesBy.clear();
      const models: ArchivedModel[] = [];
      for (const id of experiment(experimentId)?.loggedModels ?? []) {
        const path = loggedModelPath(id);
        const model = readRecord(records.loggedModel, path, await reader.text(path));
        filesBy.set(id, model.files);
        models.push(model);
      }
      return models;
    },
    models: async () => contents.models,
    files: ({ id }) => filesOf(reader, filesBy.get(id) ?? []),
    close: () => {},
  };
}

async function* filesOf(
  reader: SequentialReader,
  files: readonly ArchivedFile[],
): AsyncGenerator<FileRecord | FolderRecord> {
  for (const file of files) {
    if ("entries" in file) yield { ...file, open: (digest) => reader.content(blobPath(digest)) };
    else yield { ...file, open: () => reader.content(blobPath(file.digest)) };
  }
}

/** Goes forward to what is asked for; begins anew for what lies behind. One entry is read at a time. */
class SequentialReader {
  readonly #file: string;
  readonly #places: ReadonlyMap<string, number>;
  #entries: AsyncGenerator<TarFile> | undefined;
  #next = 0;

  constructor(file: string, places: ReadonlyMap<string, number>) {
    this.#file = file;
    this.#places = places;
  }

  async *content(path: string): AsyncGenerator<Uint8Array> {
    const place = this.#places.get(path);
    if (place === undefined) throw damaged(`${JSON.stringify(path)} is missing`);
    if (!this.#entries || place < this.#next) {
      await this.#entries?.return(undefined);
      this.#entries = readTar(readGzip(this.#file));
      this.#next = 0;
    }
    for (;;) {
      const { value: entry } = await this.#entries.next();
      if (!entry) throw damaged(`${JSON.stringify(path)} is missing`);
      const isIt = this.#next === place;
      this.#next += 1;
      if (isIt && entry.path !== path) throw damaged("it changed while it was read");
      if (isIt) {
        yield* entry.content;
        return;
      }
      for await (const _ of entry.content) {
        // Passed over.
      }
    }
  }

  text(path: string): Promise<string> {
    return wholeText(path, this.content(path), largestRecord);
  }
}
