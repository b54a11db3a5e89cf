import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm, rmdir, statfs } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { errorCode, ScanflowError } from "@scanflow/core";
import { trackingMigrations } from "@scanflow/tracking";
import {
  Counted,
  damaged,
  noArchive,
  readGzip,
  readTar,
  type TarFile,
  wholeText,
} from "@scanflow/tracking/archive";
import { type ArtifactStore, openArtifactStore } from "@scanflow/tracking/artifacts";
import { openStore } from "@scanflow/tracking/store";
import { catalogMigrations } from "../../catalog/index.ts";
import { engineMigrations, stateFolder } from "../../engine/index.ts";
import { putFolder } from "./folder-entries.ts";
import {
  largestManifest,
  manifestPath,
  type PackedImage,
  type PackFile,
  type PackManifest,
  parts,
  readManifest,
} from "./manifest.ts";
import { unpackData } from "./packed-data.ts";

export interface UnpackOptions {
  /** The folder to make; it must not be there, or be empty. Default: one in `directory`, named like the application. */
  readonly into?: string | undefined;
  readonly directory: string;
  /** Takes the archive's images; without one they are passed over. */
  readonly loader?: ImageLoader | undefined;
}

/** Takes the images of an archive, if it holds any. What it throws ends the unpacking, which then leaves nothing. */
export interface ImageLoader {
  /** Called when it is known what the archive holds, and before anything is written. */
  begin(list: readonly PackedImage[]): Promise<void>;
  /** Gives the names that are there now and were not before. */
  load(archive: string, list: readonly PackedImage[]): Promise<readonly string[]>;
}

export interface Unpacked {
  readonly application: string;
  /** Absolute. */
  readonly into: string;
  readonly files: number;
  readonly runs: readonly string[];
  /** Contents of artifacts. */
  readonly artifacts: number;
  /** Names of the images that were taken. */
  readonly images: readonly string[];
  /** Those of them that were not there before. */
  readonly loaded: readonly string[];
}

/** In the state folder, until it is loaded. */
const imagesFile = "images.tar";

/**
 * Unpacks an archive into a folder of its own, which appears whole and checked or not at all. Errors:
 * SCANFLOW_PACK_FORMAT, _DAMAGED, _UNSAFE, _TOO_LARGE, _DESTINATION, and SCANFLOW_STORAGE_FULL.
 */
export async function unpack(file: string, options: UnpackOptions): Promise<Unpacked> {
  const { into, directory, loader } = options;
  const files = readTar(readGzip(file));
  const manifest = await firstFile(files);
  const target = resolve(directory, into ?? manifest.application);
  await refuseTaken(target);
  const list = loader && manifest.images ? manifest.images : [];
  if (list.length > 0) await loader?.begin(list);
  const draft = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString("hex")}.partial`);
  await mkdir(draft, { recursive: true });
  let loaded: readonly string[] = [];
  try {
    await refuseTooLarge(manifest, draft);
    await unpackAll(files, manifest, { draft, images: list.length > 0 });
    if (loader && list.length > 0) loaded = await loadImages(loader, draft, list);
    await settle(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  const count = (part: string) => manifest.files.filter(({ path }) => path.startsWith(part)).length;
  return {
    application: manifest.application,
    into: target,
    files: count(parts.application),
    runs: manifest.runs,
    artifacts: count(parts.blobs),
    images: list.map(({ ref }) => ref),
    loaded,
  };
}

async function firstFile(files: AsyncGenerator<TarFile>): Promise<PackManifest> {
  const { value: first } = await files.next();
  if (!first || first.path !== manifestPath || first.size > largestManifest) {
    throw noArchive("it does not begin with a manifest");
  }
  return readManifest(await wholeText(first.path, first.content, largestManifest));
}

async function refuseTaken(target: string): Promise<void> {
  const inside = await readdir(target).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    return ["it"];
  });
  if (inside.length === 0) return;
  throw new ScanflowError(
    "SCANFLOW_PACK_DESTINATION",
    `Something already lies at ${target}. Name another folder with --into.`,
  );
}

async function refuseTooLarge({ files }: PackManifest, draft: string): Promise<void> {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const { bavail, bsize } = await statfs(draft);
  if (bytes <= bavail * bsize) return;
  throw new ScanflowError(
    "SCANFLOW_PACK_TOO_LARGE",
    `The archive holds ${bytes} bytes, and ${bavail * bsize} are free at ${dirname(draft)}. Free some room, or unpack it elsewhere.`,
  );
}

async function unpackAll(
  files: AsyncGenerator<TarFile>,
  manifest: PackManifest,
  { draft, images }: { readonly draft: string; readonly images: boolean },
): Promise<void> {
  const state = stateFolder(draft);
  const hasState = manifest.files.some(
    ({ path }) => !path.startsWith(parts.application) && (images || path !== parts.images),
  );
  if (hasState) await mkdir(state.path, { mode: 0o700 });
  let data: string | null = null;
  const artifacts = hasState ? await openArtifactStore({ root: state.artifacts, durable: false }) : null;
  for (const expected of manifest.files) {
    const { value: found } = await files.next();
    if (!found) throw damaged(`${JSON.stringify(expected.path)} is missing`);
    if (found.path !== expected.path) throw damaged(`${JSON.stringify(found.path)} is not in its manifest`);
    if (found.size !== expected.size) {
      throw new ScanflowError(
        "SCANFLOW_PACK_TOO_LARGE",
        `The archive holds ${found.size} bytes of ${JSON.stringify(found.path)}, and its manifest says ${expected.size}. Nothing was unpacked; make it again.`,
      );
    }
    const text = await unpackFile(found, expected, { draft, state: state.path, artifacts, images });
    data = text ?? data;
  }
  if (!(await files.next()).done) throw damaged("it holds more than its manifest says");
  if (hasState) await openOnce(manifest, draft);
  if (data !== null) await noteData(state.database, data);
}

interface Places {
  readonly draft: string;
  readonly state: string;
  readonly artifacts: ArtifactStore | null;
  readonly images: boolean;
}

/** Gives the text of the list of versions of data. */
async function unpackFile(
  { path, content }: TarFile,
  expected: PackFile,
  places: Places,
): Promise<string | null> {
  const counted = new Counted();
  const passed = counted.pass(content);
  const { draft, state, artifacts, images } = places;
  let data: string | null = null;
  if (path === parts.data) data = await wholeText(path, passed, largestManifest);
  else if (path === parts.images && !images) for await (const _ of passed);
  else if (path === parts.images) await writeOut(join(state, imagesFile), passed, 0o600);
  else if (artifacts && path.startsWith(parts.blobs)) await artifacts.put(passed);
  else if (artifacts && path.startsWith(parts.folders)) await putFolder(artifacts, path, passed);
  else {
    const isState = path.startsWith(parts.state);
    const target = isState
      ? join(state, path.slice(parts.state.length))
      : join(draft, path.slice(parts.application.length));
    await writeOut(target, passed, isState ? 0o600 : expected.executable ? 0o777 : 0o666);
  }
  const named = path.startsWith(parts.blobs) ? path.slice(parts.blobs.length) : expected.sha256;
  const { sha256 } = counted.content();
  if (sha256 !== expected.sha256 || sha256 !== named)
    throw damaged(`${JSON.stringify(path)} is not what its manifest says`);
  return data;
}

async function loadImages(
  loader: ImageLoader,
  draft: string,
  list: readonly PackedImage[],
): Promise<readonly string[]> {
  const archive = join(stateFolder(draft).path, imagesFile);
  const loaded = await loader.load(archive, list);
  await rm(archive);
  return loaded;
}

async function writeOut(target: string, content: AsyncIterable<Uint8Array>, mode: number): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  await pipeline(Readable.from(content), createWriteStream(target, { flags: "wx", mode }));
}

async function noteData(location: string, text: string): Promise<void> {
  const store = await openStore<unknown>({ location, migrations: mainMigrations, readers: 0 });
  try {
    await unpackData(store, text);
  } finally {
    await store.close();
  }
}

const mainMigrations = [...engineMigrations, ...catalogMigrations, ...trackingMigrations];

/** The databases are opened once, so that one of a newer version is refused here. */
async function openOnce({ files }: PackManifest, draft: string): Promise<void> {
  const state = stateFolder(draft);
  for (const { path } of files) {
    if (!path.startsWith(parts.state) || !path.endsWith(".db")) continue;
    const location = join(state.path, path.slice(parts.state.length));
    const migrations = location === state.database ? mainMigrations : trackingMigrations;
    const store = await openStore<unknown>({ location, migrations, readers: 0 });
    await store.close();
  }
}

async function settle(draft: string, target: string): Promise<void> {
  await rmdir(target).catch(() => {});
  try {
    await rename(draft, target);
  } catch (error) {
    if (errorCode(error) !== undefined) throw error;
    await refuseTaken(target);
    throw error;
  }
}
