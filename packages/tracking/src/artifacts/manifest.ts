import { z } from "zod";
import type { Artifact, Digest, FolderEntry } from "./artifact.ts";
import { folderMarker, sha256Hex } from "./digest.ts";
import { ArtifactError } from "./errors.ts";
import { foldersAbove, folderTree, followPath } from "./link.ts";

const digest = z.custom<Digest>((value) => typeof value === "string" && /^sha256:[0-9a-f]{64}$/.test(value));
const size = z.int().nonnegative();
const path = z.string();
const manifest = z.strictObject({
  version: z.literal(1),
  entries: z.array(
    z.discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("file"),
        path,
        digest,
        size,
        executable: z.literal(true).exactOptional(),
      }),
      z.strictObject({ kind: z.literal("link"), path, link: z.string() }),
      z.strictObject({ kind: z.literal("folder"), path }),
    ]),
  ),
});

/** A folder as it is stored: its manifest's bytes and the artifact they make. */
export type EncodedManifest = { readonly bytes: Buffer; readonly artifact: Artifact };

/** The digest of a folder: sha256 of marker and manifest. */
export function manifestHex(bytes: Uint8Array): string {
  return sha256Hex(Buffer.concat([folderMarker, bytes]));
}

function plain(entry: FolderEntry): FolderEntry {
  if (entry.kind === "link") return { kind: "link", path: entry.path, link: entry.link };
  if (entry.kind === "folder") return { kind: "folder", path: entry.path };
  const { path, digest, size, executable } = entry;
  return { kind: "file", path, digest, size, ...(executable && { executable }) };
}

function refuse(problem: string): never {
  throw new ArtifactError(
    "SCANFLOW_ARTIFACT_MANIFEST",
    `A folder's manifest ${problem}. Nothing was written; publish the folder again from its files.`,
  );
}

function checkPaths(entries: readonly FolderEntry[]): void {
  const tree = folderTree(entries);
  const seen = new Set<string>();
  for (const { path, kind } of entries) {
    const shown = JSON.stringify(path);
    if (!path.isWellFormed() || path.includes("\0")) refuse(`has a name that no file can have: ${shown}`);
    if (path.split("/").some((name) => name === "" || name === "." || name === "..")) {
      refuse(`names a path outside the folder: ${shown}`);
    }
    if (seen.has(path)) refuse(`names ${shown} twice`);
    seen.add(path);
    if (kind === "folder") continue;
    if (tree.folders.has(path)) refuse(`has entries below ${shown}, which is a ${kind}`);
    const followed = followPath(tree, path);
    if ("fault" in followed) refuse(`has a link that is ${followed.fault}: ${shown}`);
  }
}

/**
 * The one manifest of a folder: entries in the order of their paths' bytes, an empty folder only where nothing
 * lies below it. Refuses paths and links that leave the folder (`SCANFLOW_ARTIFACT_MANIFEST`).
 */
export function encodeManifest(entries: readonly FolderEntry[]): EncodedManifest {
  checkPaths(entries);
  const holding = new Set(entries.flatMap((entry) => foldersAbove(entry.path)));
  const sorted = entries
    .filter((entry) => entry.kind !== "folder" || !holding.has(entry.path))
    .map((entry) => ({ entry: plain(entry), key: Buffer.from(entry.path) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ entry }) => entry);
  const bytes = Buffer.from(JSON.stringify({ version: 1, entries: sorted }));
  const total = sorted.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.size : 0), 0);
  return { bytes, artifact: { digest: `sha256:${manifestHex(bytes)}`, size: total, kind: "folder" } };
}

/** Reads a manifest from elsewhere: its shape, its paths and its canonical form are checked. */
export function decodeManifest(bytes: Buffer): readonly FolderEntry[] {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString("utf8"));
  } catch {
    refuse("is not JSON");
  }
  const parsed = manifest.safeParse(json);
  if (!parsed.success) refuse(`is malformed (${z.prettifyError(parsed.error).split("\n")[0]})`);
  const entries = parsed.data.entries;
  if (!encodeManifest(entries).bytes.equals(bytes)) refuse("is not in its canonical form");
  return entries;
}
