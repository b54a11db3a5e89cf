import { counted } from "./counted.ts";
import { size } from "./size.ts";

/** What a version holds: `file of 1.4 MiB`, `folder of 12 files, 1.4 MiB`. */
export function contentText(held: { kind: "file" | "folder"; size: number; files: number }): string {
  if (held.kind === "file") return `file of ${size(held.size)}`;
  return `folder of ${counted(held.files, "file")}, ${size(held.size)}`;
}

/** Enough of a digest to tell it from others. */
export function shortDigest(digest: string): string {
  return digest.slice(0, "sha256:".length + 12);
}
