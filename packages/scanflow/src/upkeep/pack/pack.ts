import { existsSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ScanflowError } from "@scanflow/core";
import { Counted, type TarFile, writeArchive } from "@scanflow/tracking/archive";
import { findConfig, loadApplication } from "../../config/index.ts";
import type { UpkeepRooms } from "../upkeep-rooms.ts";
import { applicationFiles } from "./application-files.ts";
import {
  dataFormat,
  largestManifest,
  manifestPath,
  type PackedImage,
  type PackManifest,
  packFormat,
  parts,
  plainFormat,
} from "./manifest.ts";
import { neededFiles } from "./needed-files.ts";
import { packData } from "./packed-data.ts";
import { type Packed, packArtifacts, packFile, packLogs, packText } from "./packed-files.ts";
import { snapshotState } from "./state-snapshot.ts";

export interface PackOptions {
  /** Where the archive is written (absolute); nothing may lie there. */
  readonly out: string;
  /** Ids of the runs to take along; all must have ended. */
  readonly runs: readonly string[];
  /** Whether the artifacts that these runs refer to come along. */
  readonly artifacts: boolean;
  /** Version of Scanflow. */
  readonly version: string;
  /** An archive of the images that tasks run in, and what it holds. */
  readonly images?: PackImages | undefined;
}

export interface PackImages {
  /** Absolute. */
  readonly archive: string;
  readonly list: readonly PackedImage[];
}

/** What was written. */
export interface PackedArchive {
  readonly out: string;
  readonly application: string;
  /** Bytes of the archive. */
  readonly bytes: number;
  readonly files: number;
  readonly runs: readonly string[];
  /** Contents of artifacts. */
  readonly artifacts: number;
  /** The versions of data that came along, since workflows name them. */
  readonly data: readonly string[];
  /** Names of the images that came along. */
  readonly images: readonly string[];
  /** Inputs, code and links that lie outside the folder, and data that are not here: the other place needs its own. */
  readonly leftOut: readonly string[];
}

/**
 * Writes an application into one archive: its folder, the versions of data that its workflows name, and if wanted runs
 * with the artifacts they refer to.
 * Errors: SCANFLOW_FILE_EXISTS, SCANFLOW_PACK_RUN, SCANFLOW_PACK_CHANGED, SCANFLOW_PACK_TOO_LARGE, and those of the
 * config and the stores.
 */
export async function pack(rooms: UpkeepRooms, options: PackOptions): Promise<PackedArchive> {
  const { out, runs, artifacts, version, images } = options;
  refuseTaken(out);
  await refuseUnended(rooms, runs);
  const { root } = rooms.folder;
  const { application } = await loadApplication(findConfig(root), { fresh: true });
  const { files, leftOut } = await applicationFiles(root, await neededFiles(root, application));
  const work = await mkdtemp(join(dirname(out), ".scanflow-pack-"));
  try {
    const packed: Packed[] = [];
    for (const path of files) packed.push(await packFile(join(root, path), `${parts.application}${path}`));
    const data = await packData(rooms, application);
    const contents = new Set(data.digests);
    if (runs.length > 0) {
      const state = await packState(rooms, work, runs);
      packed.push(...state.files);
      if (artifacts) for (const digest of state.references) contents.add(digest);
    }
    packed.push(...(await packArtifacts(rooms.artifacts, contents)), ...data.files);
    if (images) packed.push(await packFile(images.archive, parts.images));
    const described = packed.map(({ open: _, ...file }) => file);
    const manifest: PackManifest = {
      format: images ? packFormat : data.files.length > 0 ? dataFormat : plainFormat,
      application: application.name,
      scanflow: version,
      runs: [...runs],
      ...(images && { images: [...images.list] }),
      files: described,
    };
    await writeArchive(out, checked([manifestFile(manifest), ...packed]), refuseTaken);
    return {
      out,
      application: application.name,
      bytes: (await stat(out)).size,
      files: files.length,
      runs,
      artifacts: packed.filter(({ path }) => path.startsWith(parts.blobs)).length,
      data: data.names,
      images: images?.list.map(({ ref }) => ref) ?? [],
      leftOut: [...leftOut, ...data.leftOut],
    };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function packState(
  rooms: UpkeepRooms,
  work: string,
  runs: readonly string[],
): Promise<{ files: Packed[]; references: ReadonlySet<string> }> {
  const { folder, trackers, references } = await snapshotState(rooms, { root: work, runs });
  const packed = [await packFile(folder.database, `${parts.state}scanflow.db`)];
  for (const id of trackers) {
    const name = `${id.replaceAll("/", ".")}.db`;
    packed.push(await packFile(join(folder.trackers, name), `${parts.state}trackers/${name}`));
  }
  packed.push(...(await packLogs(rooms.folder.logs, runs)));
  return { files: packed, references };
}

function manifestFile(manifest: PackManifest): Packed {
  const file = packText(manifestPath, JSON.stringify(manifest));
  if (file.size <= largestManifest) return file;
  throw new ScanflowError(
    "SCANFLOW_PACK_TOO_LARGE",
    `The application has too many files (${manifest.files.length}) for one archive. Name what need not move in a .scanflowignore.`,
  );
}

async function* checked(files: readonly Packed[]): AsyncGenerator<TarFile> {
  for (const { path, size, sha256, executable, open } of files) {
    yield { path, size, executable, content: unchanged(await open(), { path, size, sha256 }) };
  }
}

/** A file must be in the archive as its manifest says, or the archive would be refused where it is unpacked. */
async function* unchanged(
  source: AsyncIterable<Uint8Array>,
  expected: { path: string; size: number; sha256: string },
): AsyncGenerator<Uint8Array> {
  const counted = new Counted();
  yield* counted.pass(source);
  const { size, sha256 } = counted.content();
  if (size === expected.size && sha256 === expected.sha256) return;
  throw new ScanflowError(
    "SCANFLOW_PACK_CHANGED",
    `The file ${expected.path.slice(parts.application.length)} changed while it was packed. Pack again when nothing writes to it.`,
  );
}

/** An archive is written over nothing. Errors: SCANFLOW_FILE_EXISTS. */
export function refuseTaken(out: string): void {
  if (!existsSync(out)) return;
  throw new ScanflowError(
    "SCANFLOW_FILE_EXISTS",
    `Something already lies at ${out}. Remove it, or name another file with --out.`,
  );
}

async function refuseUnended({ engine }: UpkeepRooms, runs: readonly string[]): Promise<void> {
  for (const run of runs) {
    const { status } = await engine.journal.run(run);
    if (status === "succeeded" || status === "failed" || status === "cancelled") continue;
    throw new ScanflowError(
      "SCANFLOW_PACK_RUN",
      `Run ${run} has not ended (${status}), so it cannot be packed. Wait for it, cancel it, or pack others.`,
    );
  }
}
