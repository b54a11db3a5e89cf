import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import type { FolderContent } from "../folder-digest.ts";
import { hashed } from "../tar/unpack.ts";
import type { TarEntry } from "../tar/write-tar.ts";

export const chunkBytes = 256 * 1024;

/** What a folder holds, as entries of an archive; `content` is filled with what counts for its digest. */
export async function* folderEntries(
  folder: string,
  content: FolderContent[],
  below = "",
): AsyncGenerator<TarEntry> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    const place = join(folder, path);
    if (entry.isSymbolicLink()) {
      const link = { kind: "link", path, link: await readlink(place) } as const;
      content.push(link);
      yield link;
    } else if (entry.isDirectory()) {
      content.push({ kind: "folder", path });
      yield { kind: "folder", path };
      yield* folderEntries(folder, content, path);
    } else if (entry.isFile()) yield* fileOf(path, place, content);
    else throw new Error(`${place} is neither file, folder nor link`);
  }
}

async function* fileOf(path: string, place: string, content: FolderContent[]): AsyncGenerator<TarEntry> {
  const { size, mode } = await stat(place);
  const executable = (mode & 0o100) !== 0;
  const hash = createHash("sha256");
  yield {
    kind: "file",
    path,
    size,
    executable,
    content: () => hashed(createReadStream(place, { highWaterMark: chunkBytes }), hash),
  };
  content.push({ kind: "file", path, size, executable, digest: `sha256:${hash.digest("hex")}` });
}
