import { createHash } from "node:crypto";

/** What a folder holds, as it counts for its digest. */
export type FolderContent =
  | {
      readonly kind: "file";
      readonly path: string;
      readonly digest: string;
      readonly size: number;
      readonly executable: boolean;
    }
  | { readonly kind: "link"; readonly path: string; readonly link: string }
  | { readonly kind: "folder"; readonly path: string };

/**
 * The digest that the artifact store gives a folder: sha256 of a marker and its manifest (see `encodeManifest` of
 * `@scanflow/tracking/artifacts`, which a test compares it with). Written once more here, since a shim has no packages.
 */
export function folderDigest(content: readonly FolderContent[]): string {
  const holding = new Set<string>();
  for (const { path } of content) {
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
      holding.add(path.slice(0, at));
    }
  }
  const entries = content
    .filter(({ kind, path }) => kind !== "folder" || !holding.has(path))
    .map((entry) => ({ entry: plain(entry), key: Buffer.from(entry.path) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ entry }) => entry);
  const hash = createHash("sha256").update("\0scanflow folder\0");
  return `sha256:${hash.update(JSON.stringify({ version: 1, entries })).digest("hex")}`;
}

function plain(entry: FolderContent) {
  if (entry.kind === "link") return { kind: "link", path: entry.path, link: entry.link };
  if (entry.kind === "folder") return { kind: "folder", path: entry.path };
  const { path, digest, size, executable } = entry;
  return { kind: "file", path, digest, size, ...(executable && { executable }) };
}
