import { Readable } from "node:stream";
import { Counted, type TarFile, writeArchive } from "../../archive/index.ts";
import type { Tracking } from "../../tracking.ts";
import type { ArtifactOwner, FileRecord, FolderRecord, TransferSource } from "../records.ts";
import { serverExperiments } from "../server/server-experiments.ts";
import { openServerSource } from "../server/server-source.ts";
import { exportAddress, isServer, type TrackerServer } from "../server/server-url.ts";
import { Spool } from "../server/spool.ts";
import { openStoreSource } from "../store/store-source.ts";
import {
  archiveFormat,
  blobPath,
  contentsPath,
  loggedModelPath,
  manifestPath,
  runPath,
} from "./archive-layout.ts";
import {
  type ArchiveContents,
  type ArchivedFile,
  type ArchiveManifest,
  recordText,
  runText,
} from "./archive-records.ts";

/** What is exported, and where to. */
export interface ExportExperiments {
  /** Names of experiments, deleted ones too. */
  readonly experiments: readonly string[];
  /** Where the archive is written. */
  readonly out: string;
  /** Throws where something lies there. */
  readonly refuseTaken: (out: string) => void;
  /** Told after each run. */
  readonly onRun?: ((progress: { experiment: string; done: number; of: number }) => void) | undefined;
  /** Ends the export before the next run. */
  readonly signal?: AbortSignal | undefined;
}

/** What was written. */
export interface Exported {
  readonly experiments: number;
  readonly runs: number;
  readonly loggedModels: number;
  readonly versions: number;
  /** Files of runs and models, each content once. */
  readonly files: number;
}

/**
 * Writes experiments into one archive: runs with all that was logged to them, logged models, the versions of
 * registered models that were made from them, and the files. It appears whole or not at all; no more than one run is
 * held in memory. Of a server (MLflow 2.14 to 3.x, Scanflow) comes what its routes show, as with `importFrom`, which
 * reads the archive; the files of one run or of an experiment's logged models lie beside `out` until they are written.
 * Errors: SCANFLOW_TRACKING_MISSING for a name that no experiment has, those of the store and the artifacts;
 * SCANFLOW_TRANSFER_… of a server.
 */
export async function exportExperiments(
  from: Tracking | TrackerServer,
  { experiments, ...asked }: ExportExperiments,
): Promise<Exported> {
  const names = [...new Set(experiments)];
  if (!isServer(from)) {
    const { artifacts } = from.context;
    const source = await openStoreSource(from.context, names);
    return writeSource(source, asked, (digest) => artifacts.pin(digest));
  }
  asked.refuseTaken(asked.out);
  const spool = await Spool.beside(asked.out);
  try {
    const source = await serverExperiments(openServerSource(exportAddress(from), asked.signal), names, spool);
    return await writeSource(source, asked, (digest) => () => spool.drop(digest));
  } finally {
    await spool.close();
  }
}

async function writeSource(
  source: TransferSource,
  { out, refuseTaken, onRun, signal }: Omit<ExportExperiments, "experiments">,
  pin: Writing["pin"],
): Promise<Exported> {
  const contents = await listContents(source);
  const writing: Writing = { source, contents, pin, onRun, signal };
  const written: ArchiveManifest = { files: [] };
  await writeArchive(out, noted(entries(writing), written), refuseTaken);
  const count = (of: (one: ArchiveContents["experiments"][number]) => number) =>
    contents.experiments.reduce((sum, one) => sum + of(one), 0);
  return {
    experiments: contents.experiments.length,
    runs: count(({ runs }) => runs.length),
    loggedModels: count(({ loggedModels }) => loggedModels.length),
    versions: contents.models.reduce((sum, { versions }) => sum + versions.length, 0),
    files: written.files.filter(({ path }) => path.startsWith("files/")).length,
  };
}

async function listContents(source: TransferSource): Promise<ArchiveContents> {
  const experiments: ArchiveContents["experiments"][number][] = [];
  for (const record of await source.experiments()) {
    const loggedModels = await source.loggedModels(record.experimentId);
    experiments.push({
      ...record,
      runs: await source.runs(record.experimentId),
      loggedModels: loggedModels.map(({ modelId }) => modelId),
    });
  }
  return { kind: "experiments", format: archiveFormat, experiments, models: await source.models() };
}

interface Writing extends Pick<ExportExperiments, "onRun" | "signal"> {
  readonly source: TransferSource;
  readonly contents: ArchiveContents;
  readonly pin: (digest: string) => () => void;
}

async function* entries({ source, contents, pin, onRun, signal }: Writing): AsyncGenerator<TarFile> {
  yield textFile(contentsPath, recordText(contents));
  const written = new Set<string>();
  for (const { experimentId, name, runs } of contents.experiments) {
    for (const [done, owner] of runs.entries()) {
      signal?.throwIfAborted();
      const run = await source.run(owner.id);
      const text = (files: ArchivedFile[]) => runText({ ...run, files });
      yield* withFiles({ source, pin, written }, [{ owner, path: runPath(owner.id), text }]);
      onRun?.({ experiment: name, done: done + 1, of: runs.length });
    }
    const models = await source.loggedModels(experimentId);
    const records = models.map((model) => ({
      owner: { id: model.modelId, artifactUri: model.artifactUri },
      path: loggedModelPath(model.modelId),
      text: (files: ArchivedFile[]) => recordText({ ...model, files }),
    }));
    signal?.throwIfAborted();
    yield* withFiles({ source, pin, written }, records);
  }
}

interface Blob {
  readonly digest: string;
  readonly size: number;
  readonly open: () => AsyncIterable<Uint8Array>;
}

interface OwnedRecord {
  readonly owner: ArtifactOwner;
  readonly path: string;
  readonly text: (files: ArchivedFile[]) => string;
}

/** Records, and behind them the contents that are not written yet: in this order they are read again. */
async function* withFiles(
  { source, pin, written }: Pick<Writing, "source" | "pin"> & { readonly written: Set<string> },
  records: readonly OwnedRecord[],
): AsyncGenerator<TarFile> {
  const blobs: Blob[] = [];
  const pins: (() => void)[] = [];
  try {
    for (const { owner, path, text } of records) {
      const files: ArchivedFile[] = [];
      for await (const record of source.copies(owner.artifactUri) ? source.files(owner) : []) {
        const { open: _, ...file } = record;
        files.push(file as ArchivedFile);
        for (const blob of blobsOf(record)) {
          pins.push(pin(blob.digest));
          if (!written.has(blob.digest)) blobs.push(blob);
          written.add(blob.digest);
        }
      }
      yield textFile(path, text(files));
    }
    for (const { digest, size, open } of blobs) yield { path: blobPath(digest), size, content: open() };
  } finally {
    for (const unpin of pins) unpin();
  }
}

function blobsOf(record: FileRecord | FolderRecord): Blob[] {
  if (!("entries" in record)) {
    const { digest = "", size = 0, open } = record;
    return [{ digest, size, open }];
  }
  return record.entries.flatMap((entry) =>
    entry.kind === "file"
      ? [{ digest: entry.digest, size: entry.size, open: () => record.open(entry.digest) }]
      : [],
  );
}

/** Lets entries pass, and puts the list of what passed behind them. */
async function* noted(files: AsyncIterable<TarFile>, manifest: ArchiveManifest): AsyncGenerator<TarFile> {
  for await (const { path, size, content } of files) {
    const counted = new Counted();
    yield { path, size, content: counted.pass(content) };
    manifest.files.push({ path, ...counted.content() });
  }
  yield textFile(manifestPath, recordText(manifest));
}

function textFile(path: string, text: string): TarFile {
  const bytes = Buffer.from(text);
  return { path, size: bytes.length, content: Readable.from([bytes]) };
}
