import type { Artifact, FolderEntry } from "./artifact.ts";
import { readBlob, type Wanted } from "./blob.ts";
import { eachBounded } from "./bounded.ts";
import { ArtifactError, type ArtifactErrorCode } from "./errors.ts";
import { kindOf, readEntries, storedSize, wantedEntry } from "./folder.ts";
import type { StoreFolder } from "./store-folder.ts";

/** Damage is found when a manifest is read; it is set aside then, so that the folder is no longer there. */
const absent: ReadonlySet<ArtifactErrorCode> = new Set([
  "SCANFLOW_ARTIFACT_CORRUPT",
  "SCANFLOW_ARTIFACT_MISSING",
]);

export function totalSize(entries: readonly FolderEntry[]): number {
  return entries.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.size : 0), 0);
}

/** See `ContentStore.stat`. */
export async function statArtifact(store: StoreFolder, wanted: Wanted): Promise<Artifact | undefined> {
  const size = await storedSize(store, "file", wanted.hex);
  if (size !== undefined) return { digest: `sha256:${wanted.hex}`, size, kind: "file" };
  if ((await storedSize(store, "folder", wanted.hex)) === undefined) return undefined;
  const entries = await readEntries(store, wanted);
  return { digest: `sha256:${wanted.hex}`, size: totalSize(entries), kind: "folder" };
}

/** See `ContentStore.has`. */
export async function hasArtifact(store: StoreFolder, wanted: Wanted): Promise<boolean> {
  if ((await storedSize(store, "file", wanted.hex)) !== undefined) return true;
  if ((await storedSize(store, "folder", wanted.hex)) === undefined) return false;
  const entries = await readEntries(store, wanted).catch((error: unknown) => {
    if (error instanceof ArtifactError && absent.has(error.code)) return undefined;
    throw error;
  });
  let whole = entries !== undefined;
  await eachBounded(entries ?? [], async (entry) => {
    if (!whole || entry.kind !== "file") return;
    const size = await storedSize(store, "file", wantedEntry(entry, wanted).hex);
    if (size !== entry.size) whole = false;
  });
  return whole;
}

/** See `ContentStore.verify`. */
export async function verifyArtifact(store: StoreFolder, wanted: Wanted): Promise<Artifact> {
  const kind = await kindOf(store, wanted);
  const digest = `sha256:${wanted.hex}` as const;
  if (kind === "file") return { digest, size: await readBlob(store, wanted), kind };
  const entries = await readEntries(store, wanted);
  await eachBounded(entries, async (entry) => {
    if (entry.kind === "file") await readBlob(store, wantedEntry(entry, wanted));
  });
  return { digest, size: totalSize(entries), kind };
}
