import { realpath } from "node:fs/promises";
import { join } from "node:path";
import type { ArtifactKind } from "./artifact.ts";
import { Clones } from "./clones.ts";
import { Incoming } from "./incoming.ts";
import { makeFolders } from "./make-folders.ts";
import { type Pins, pinsOf } from "./pins.ts";

/** An open store as its parts see it. `root` is absolute and free of links. */
export type StoreFolder = {
  readonly root: string;
  readonly durable: boolean;
  readonly pins: Pins;
  readonly incoming: Incoming;
  readonly clones: Clones;
};

const shelves: Readonly<Record<ArtifactKind, string>> = { file: "sha256", folder: "folders" };

/** The folder that holds all files, or all manifests. */
export function shelfPath(store: StoreFolder, kind: ArtifactKind): string {
  return join(store.root, shelves[kind]);
}

/** Where a file, or a folder's manifest, is stored. */
export function storedPath(store: StoreFolder, kind: ArtifactKind, hex: string): string {
  return join(shelfPath(store, kind), hex.slice(0, 2), hex);
}

export async function openStoreFolder(given: string, durable: boolean): Promise<StoreFolder> {
  await makeFolders(given);
  const root = await realpath(given);
  const incoming = new Incoming(root);
  await incoming.open();
  await makeFolders(join(root, "sha256"));
  await makeFolders(join(root, "folders"));
  return { root, durable, pins: pinsOf(root), incoming, clones: new Clones() };
}
