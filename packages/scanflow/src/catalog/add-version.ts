import { realpath } from "node:fs/promises";
import { basename, resolve, sep } from "node:path";
import { ScanflowError } from "@scanflow/core";
import { type Artifact, surveyOf } from "@scanflow/tracking/artifacts";
import type { AddedData, CopyProgress, DataSchema, DataVersion } from "../api/index.ts";
import { requireAbsolute } from "../require-absolute.ts";
import type { CatalogRooms } from "./catalog-rooms.ts";
import { type DatasetFacts, datasetRow, nextVersionRows, readDatasets } from "./catalog-rows.ts";
import { copyProgress, type Hearing } from "./copy-progress.ts";
import { sourceRow } from "./sources.ts";
import { isTable, readTable } from "./table/read-table.ts";
import { checkDatasetName, findDataset, nameOfFile } from "./version-name.ts";

export interface AddOptions extends DatasetFacts, Hearing<CopyProgress> {
  /** Of the file or folder; absolute. */
  readonly path: string;
  /** Default: that of the file or folder. */
  readonly name?: string | undefined;
  readonly note?: string | undefined;
  readonly user: string | null;
  readonly now: number;
  /** Keeps content from being collected until the version is noted, and after. */
  readonly hold: (digest: string) => void;
}

/** A table's beginning shows its columns. */
const sniffedBytes = 256 * 1024;

/**
 * Stores the file or folder and notes it as the next version of its dataset, unless its content is that of the
 * newest. Errors: SCANFLOW_DATA_NAME, SCANFLOW_INPUT_STATE, SCANFLOW_OWNER_CLOSING, and
 * those of the artifact store.
 */
export async function addVersion(rooms: CatalogRooms, options: AddOptions): Promise<AddedData> {
  const { path, note, user, now, hold } = options;
  await refuseState(rooms, path);
  if (options.name !== undefined) checkDatasetName(options.name);
  // Before it is read: what is written from now on looks different.
  const { fingerprint, kind, ...of } = await surveyOf(path);
  const fileName = basename(path);
  // Before anything is copied.
  const dataset = options.name ?? nameOfFile(fileName, kind);
  const artifact = await rooms.artifacts.publish(path, { passed: copyProgress(options, of) });
  hold(artifact.digest);
  const version: Omit<DataVersion, "version"> = {
    ...artifact,
    files: await countFiles(rooms, artifact),
    fileName,
    schema: await sniff(rooms, artifact, fileName),
    note: note ?? null,
    addedBy: user,
    added: now,
  };
  const [, bumped] = await rooms.store.write([
    datasetRow(dataset, options, now),
    ...nextVersionRows(dataset, version),
    sourceRow(rooms, dataset, { path, digest: artifact.digest, fingerprint }),
  ]);
  const created = bumped?.changes === 1;
  const { versions } = findDataset(await readDatasets(rooms.store), dataset);
  const [told] = versions.filter(({ digest }) => digest === artifact.digest);
  if (told === undefined) throw new Error(`no version of ${dataset} has ${artifact.digest}`);
  return { dataset, created, version: told };
}

async function countFiles({ artifacts }: CatalogRooms, { kind, digest }: Artifact): Promise<number> {
  if (kind === "file") return 1;
  return (await artifacts.entries(digest)).filter((entry) => entry.kind === "file").length;
}

async function sniff(
  { artifacts }: CatalogRooms,
  { kind, digest }: Artifact,
  fileName: string,
): Promise<DataSchema | null> {
  if (kind === "folder" || !isTable(fileName)) return null;
  const { stream } = await artifacts.open(digest);
  return (await readTable(fileName, stream, sniffedBytes))?.schema ?? null;
}

/** The folder of the state holds what is stored, which would then hold itself. */
async function refuseState({ folder }: CatalogRooms, path: string): Promise<void> {
  requireAbsolute(path);
  const state = `${await realpath(folder.path)}${sep}`;
  // What is not there is told by the store.
  const wanted = `${await realpath(path).catch(() => resolve(path))}${sep}`;
  if (!wanted.startsWith(state) && !state.startsWith(wanted)) return;
  throw new ScanflowError(
    "SCANFLOW_INPUT_STATE",
    `"${path}" holds or lies in .scanflow, where Scanflow keeps its own state. Put the data into a folder of their own and name that.`,
  );
}
