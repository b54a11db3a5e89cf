import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { leadsOut } from "../tar/read-tar.ts";

/** Something in a folder to which somebody else writes. */
export interface Found {
  /** Below the folder, with `/` between names. */
  readonly path: string;
  readonly place: string;
  readonly stats: BigIntStats;
  /** Where a link leads to; "" for all else. */
  readonly link: string;
}

/** Everything in a folder, as far as it is still there when it is looked at. */
export async function* walk(folder: string, below = ""): AsyncGenerator<Found> {
  const names = await readdir(join(folder, below)).catch(goneIsEmpty);
  for (const name of names.sort()) {
    const path = below === "" ? name : `${below}/${name}`;
    const place = join(folder, path);
    const stats = await lstat(place, { bigint: true }).catch(goneIsNothing);
    if (stats === undefined) continue;
    const link = stats.isSymbolicLink() ? await readlink(place).catch(goneIsNothing) : "";
    if (link === undefined) continue;
    yield { path, place, stats, link };
    if (stats.isDirectory()) yield* walk(folder, path);
  }
}

export interface Survey {
  /** A digest of what there is by paths, sizes and times: no content is read for it. */
  readonly print: string;
  /** Why it cannot be sent; null: it can. */
  readonly fault: string | null;
}

/** As many entries as the owner takes. */
const mostEntries = 1_000_000;

/** Looks at a checkpoint without reading it. */
export async function survey(folder: string, { mostBytes }: { mostBytes: number }): Promise<Survey> {
  const hash = createHash("sha256");
  let fault: string | null = null;
  let bytes = 0n;
  let entries = 0;
  try {
    for await (const { path, stats, link } of walk(folder)) {
      const { mode, ino, size, mtimeNs, ctimeNs } = stats;
      hash.update(`${JSON.stringify([path, link])} ${mode} ${ino} ${size} ${mtimeNs} ${ctimeNs}\n`);
      entries += 1;
      if (stats.isFile()) bytes += size;
      fault ??= faultOf(path, stats, link);
    }
  } catch (error) {
    // A folder that may not be read.
    fault ??= error instanceof Error ? error.message : String(error);
  }
  if (Number(bytes) > mostBytes) fault ??= `its files have more than ${mostBytes} bytes`;
  if (entries > mostEntries) fault ??= `it holds more than ${mostEntries} entries`;
  return { print: hash.digest("hex"), fault };
}

function faultOf(path: string, stats: BigIntStats, link: string): string | null {
  if (stats.isSymbolicLink()) {
    return leadsOut(path, link)
      ? `the link ${JSON.stringify(path)} leads out of it (${JSON.stringify(link)})`
      : null;
  }
  if (stats.isFile() || stats.isDirectory()) return null;
  return `${JSON.stringify(path)} is neither file, folder nor link`;
}

function goneIsEmpty(error: unknown): string[] {
  goneIsNothing(error);
  return [];
}

/** Between a look at a folder and one at what it holds, who writes to it may have taken that away. */
function goneIsNothing(error: unknown): undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
}
