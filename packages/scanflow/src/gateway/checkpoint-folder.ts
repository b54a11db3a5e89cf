import { createReadStream, existsSync } from "node:fs";
import { readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { walk } from "../shim/attend/survey.ts";
import { leadsOut } from "../shim/tar/read-tar.ts";
import { type TarEntry, writeTar } from "../shim/tar/write-tar.ts";

/** Where the old one stands while the new one takes its place. No task has a name that begins so. */
const asideOf = (folder: string) => join(dirname(folder), `.${basename(folder)}.was`);

/**
 * A checkpoint takes the place of the one before, by renames alone: whenever this process is killed, one of the two is
 * whole, and `mendCheckpoint` finds it.
 */
export async function putCheckpoint(draft: string, folder: string): Promise<void> {
  await mendCheckpoint(folder);
  const aside = asideOf(folder);
  if (existsSync(folder)) await rename(folder, aside);
  await rename(draft, folder);
  await rm(aside, { recursive: true, force: true });
}

/** Ends what an owner that was killed had begun. */
export async function mendCheckpoint(folder: string): Promise<void> {
  const aside = asideOf(folder);
  if (!existsSync(aside)) return;
  if (existsSync(folder)) await rm(aside, { recursive: true, force: true });
  else await rename(aside, folder);
}

/** Whether an earlier attempt left something. */
export async function hasCheckpoint(folder: string): Promise<boolean> {
  await mendCheckpoint(folder);
  return (await readdir(folder).catch(() => [])).length > 0;
}

/**
 * A checkpoint as an archive. What an archive of ours does not let through, which a runner of this machine may have
 * left, is told and not sent.
 */
export function sendCheckpoint(folder: string, note: (words: string) => void): Readable {
  return Readable.from(writeTar(entriesOf(folder, note)), { objectMode: false });
}

async function* entriesOf(folder: string, note: (words: string) => void): AsyncGenerator<TarEntry> {
  for await (const { path, place, stats, link } of walk(folder)) {
    if (stats.isDirectory()) yield { kind: "folder", path };
    else if (stats.isSymbolicLink() && !leadsOut(path, link)) yield { kind: "link", path, link };
    else if (stats.isFile()) {
      const executable = (stats.mode & 0o100n) !== 0n;
      yield {
        kind: "file",
        path,
        size: Number(stats.size),
        executable,
        content: () => createReadStream(place),
      };
    } else {
      note(`${JSON.stringify(path)} of its checkpoint cannot be brought: it is no file or leads out`);
    }
  }
}
