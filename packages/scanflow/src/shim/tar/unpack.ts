import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { FolderContent } from "../folder-digest.ts";
import { readTar } from "./read-tar.ts";
import { TarError } from "./tar-block.ts";

export interface UnpackOptions {
  /** Most bytes that files may have together, and most entries. */
  readonly limitBytes?: number;
  readonly limitEntries?: number;
}

/**
 * Unpacks an archive into a folder that is there and empty; gives what it holds. Links are made when everything else
 * lies there, so nothing is written through one, wherever it leads. Throws `TarError`.
 */
export async function unpack(
  source: AsyncIterable<Uint8Array>,
  folder: string,
  { limitBytes = Number.POSITIVE_INFINITY, limitEntries = 1_000_000 }: UnpackOptions = {},
): Promise<FolderContent[]> {
  const content: FolderContent[] = [];
  let total = 0;
  for await (const entry of readTar(source)) {
    if (content.length >= limitEntries) throw new TarError(`it holds more than ${limitEntries} entries`);
    if (entry.kind === "link") {
      content.push(entry);
      continue;
    }
    const place = join(folder, entry.path);
    if (entry.kind === "folder") {
      await mkdir(place, { recursive: true });
      content.push(entry);
      continue;
    }
    total += entry.size;
    if (total > limitBytes) throw new TarError(`its files have more than ${limitBytes} bytes`);
    await mkdir(dirname(place), { recursive: true });
    const { path, size, executable } = entry;
    const hash = createHash("sha256");
    await pipeline(
      hashed(entry.content, hash),
      createWriteStream(place, { flags: "wx", mode: executable ? 0o755 : 0o644 }),
    );
    content.push({ kind: "file", path, size, executable, digest: `sha256:${hash.digest("hex")}` });
  }
  const links = new Set(content.flatMap((entry) => (entry.kind === "link" ? [entry.path] : [])));
  for (const entry of content) {
    if (entry.kind !== "link") continue;
    refuseBelowLink(entry.path, links);
    const place = join(folder, entry.path);
    await mkdir(dirname(place), { recursive: true });
    await symlink(entry.link, place);
  }
  return content;
}

/** Bytes as they pass, and their hash. */
export async function* hashed(
  source: AsyncIterable<Uint8Array>,
  hash: { update(chunk: Uint8Array): unknown },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}

function refuseBelowLink(path: string, links: ReadonlySet<string>): void {
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
    if (links.has(path.slice(0, at))) throw new TarError(`${path} lies below a link`);
  }
}
