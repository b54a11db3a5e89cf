import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ArtifactStore } from "../index.ts";

/** Where a store keeps a file (`sha256`) or a manifest (`folders`). */
export function storedAt(
  store: ArtifactStore,
  digest: string,
  shelf: "sha256" | "folders" = "sha256",
): string {
  const hex = digest.slice("sha256:".length);
  return join(store.root, shelf, hex.slice(0, 2), hex);
}

/** Flips one bit in the middle of a stored file or manifest. */
export function damage(path: string): void {
  const bytes = readFileSync(path);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  chmodSync(path, 0o644);
  writeFileSync(path, bytes);
}

/** Drafts that no publication has taken into the store. */
export function drafts(store: ArtifactStore): string[] {
  const incoming = join(store.root, "incoming");
  return readdirSync(incoming).flatMap((owner) =>
    readdirSync(join(incoming, owner)).map((name) => join(incoming, owner, name)),
  );
}
