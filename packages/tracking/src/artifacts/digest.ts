import { hash } from "node:crypto";
import type { Digest } from "./artifact.ts";
import { ArtifactError } from "./errors.ts";

/** Stands before a manifest when it is hashed. No file may begin with it, so digests never clash in kind. */
export const folderMarker = Buffer.from("\0scanflow folder\0");

export function sha256Hex(content: Uint8Array | string): string {
  return hash("sha256", content, "hex");
}

/**
 * The digest of bytes held in memory (text counts as UTF-8): what a file of that content has in a store.
 * Use it for cache keys.
 */
export function digestBytes(content: Uint8Array | string): Digest {
  return `sha256:${sha256Hex(content)}`;
}

/** The hexadecimal part of a digest, or `SCANFLOW_ARTIFACT_DIGEST`. */
export function hexOf(digest: string): string {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  if (hex === undefined) {
    throw new ArtifactError(
      "SCANFLOW_ARTIFACT_DIGEST",
      `${JSON.stringify(digest)} is not a digest. Give "sha256:" and 64 lower-case hexadecimal digits.`,
    );
  }
  return hex;
}

/** Refuses a file whose first bytes are those of a manifest, with `SCANFLOW_ARTIFACT_RESERVED`. */
export function refuseMarker(firstBytes: Uint8Array): void {
  if (!folderMarker.equals(firstBytes.subarray(0, folderMarker.length))) return;
  throw new ArtifactError(
    "SCANFLOW_ARTIFACT_RESERVED",
    "The content begins with the bytes that mark a folder's manifest. Put any other byte before it.",
  );
}
