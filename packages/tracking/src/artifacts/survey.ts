import { createHash } from "node:crypto";
import { lstat } from "node:fs/promises";
import type { ArtifactKind } from "./artifact.ts";
import { eachBounded } from "./bounded.ts";
import { lookAt } from "./digest-of.ts";
import { changedError, vanishedAsChanged } from "./source.ts";
import { withCodedErrors } from "./system-error.ts";
import { walkFolder } from "./walk.ts";

/**
 * What a file or a folder looks like without reading it. Two equal fingerprints of one path mean that nothing was
 * written in between, as far as names, sizes, times of the last write and executable bits show. `bytes` is the sum
 * over its files.
 */
export type Survey = {
  readonly kind: ArtifactKind;
  readonly fingerprint: string;
  readonly files: number;
  readonly bytes: number;
};

/** Looks at a file or folder. Errors are those of `digestOf`, without what only reading shows. */
export async function surveyOf(path: string): Promise<Survey> {
  return withCodedErrors(`look at ${path}`, async () => {
    const place = await lookAt(path);
    if (place.kind === "file") {
      const { size, line } = await stateOf(place.path);
      return { kind: "file", fingerprint: fingerprint([line]), files: 1, bytes: size };
    }
    const { root, files, links, empty } = await walkFolder(place.path);
    const lines = [...links, ...empty].map((entry) => JSON.stringify(entry));
    let bytes = 0;
    await eachBounded(files, async (file) => {
      const { size, line } = await stateOf(`${root}/${file}`);
      bytes += size;
      lines.push(JSON.stringify([file, line]));
    });
    return { kind: "folder", fingerprint: fingerprint(lines), files: files.length, bytes };
  });
}

async function stateOf(path: string): Promise<{ size: number; line: string }> {
  const stats = await lstat(path, { bigint: true }).catch(vanishedAsChanged(path));
  if (!stats.isFile()) throw changedError(path);
  const executable = (stats.mode & 0o100n) !== 0n;
  return { size: Number(stats.size), line: `${stats.size} ${stats.mtimeNs} ${executable}` };
}

/** In the order of their text, since files are looked at in no order. */
function fingerprint(lines: string[]): string {
  const hash = createHash("sha256");
  for (const line of lines.sort()) hash.update(`${line}\n`);
  return hash.digest("hex");
}
