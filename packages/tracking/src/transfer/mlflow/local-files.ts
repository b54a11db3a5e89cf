import { createReadStream, existsSync } from "node:fs";
import { opendir, realpath } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { containedRoot } from "../../locations/root.ts";
import { TransferError } from "../errors.ts";
import type { FileRecord } from "../records.ts";

/** Where artifacts may be read from. */
export interface ArtifactPlaces {
  /** The folder of the database: paths are relative to it, and lie below it. */
  readonly folder: string;
  /** What MLflow's server was given as `--artifacts-destination`, or where its files lie now. */
  readonly artifacts: string | undefined;
}

/**
 * The files below an artifact URI of MLflow that `isLocal`. Only what lies below the folder of the database or below
 * `artifacts` is read, whatever rows and links say. Errors: SCANFLOW_TRANSFER_ARTIFACTS.
 */
export async function* localFiles(uri: string, places: ArtifactPlaces): AsyncGenerator<FileRecord> {
  const roots = await allowedRoots(places);
  const path = placeOf(uri, places);
  // A run that logged no file has no folder.
  if (!existsSync(path)) return checkBelow(await realpath(nearestFolder(path)), roots);
  const start = await realpath(path);
  checkBelow(start, roots);
  const folders = [start];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for await (const entry of await opendir(folder)) {
      const found = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(found);
      else if (entry.isFile()) {
        const path = relative(start, found).split(sep).join("/");
        yield { path, open: () => createReadStream(found) };
      } else throw refused(found, "it is neither a file nor a folder");
    }
  }
}

function placeOf(uri: string, places: ArtifactPlaces): string {
  const { folder, artifacts } = places;
  const proxied = containedRoot(uri);
  if (proxied !== undefined) return join(destination(uri, places), proxied);
  const path = /^file:/i.test(uri) ? pathOf(uri) : resolve(folder, uri);
  // Folders that were moved keep the order that MLflow gave them.
  const [tail] = /[^/]+\/(models\/)?[^/]+\/artifacts\/?$/.exec(path) ?? [];
  return artifacts !== undefined && tail !== undefined && !existsSync(path) ? join(artifacts, tail) : path;
}

function destination(uri: string, { folder, artifacts }: ArtifactPlaces): string {
  const at = artifacts ?? join(folder, "mlartifacts");
  if (existsSync(at)) return at;
  throw refused(uri, `the folder ${at} of the server's artifacts is not there`);
}

function pathOf(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch (cause) {
    throw refused(uri, "it is no path of this machine", cause);
  }
}

function allowedRoots({ folder, artifacts }: ArtifactPlaces): Promise<string[]> {
  const places = artifacts === undefined ? [folder] : [folder, artifacts];
  return Promise.all(places.filter((one) => existsSync(one)).map((one) => realpath(one)));
}

function checkBelow(path: string, roots: readonly string[]): void {
  if (roots.some((root) => path === root || path.startsWith(root + sep))) return;
  throw refused(path, `it does not lie below ${roots.join(" or ")}`);
}

function nearestFolder(path: string): string {
  return existsSync(path) ? path : nearestFolder(dirname(path));
}

function refused(what: string, why: string, cause?: unknown): TransferError {
  return new TransferError(
    "SCANFLOW_TRANSFER_ARTIFACTS",
    `The artifacts at ${what} cannot be read: ${why}. Name the folder where they lie with --artifacts-from.`,
    { cause },
  );
}
