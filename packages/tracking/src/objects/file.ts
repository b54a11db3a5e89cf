import { createReadStream } from "node:fs";
import { type FileHandle, lstat, open } from "node:fs/promises";
import { Readable } from "node:stream";
import { writeFully } from "../artifacts/content.ts";
import { isSystemError } from "../artifacts/system-error.ts";
import type { ObjectInfo } from "./object-store.ts";

const chunkBytes = 256 * 1024;

/** What the work gives, or undefined when there is no such file. */
export async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR", "ELOOP")) return undefined;
    throw error;
  }
}

/** Size and time of a file; undefined for anything else. */
export async function infoAt(path: string): Promise<ObjectInfo | undefined> {
  const stats = await orUndefined(lstat(path));
  return stats?.isFile() ? { size: stats.size, modifiedMs: stats.mtimeMs } : undefined;
}

/** Writes all of the content and answers how many bytes it had. */
export async function writeAll(
  sink: FileHandle,
  content: AsyncIterable<Uint8Array> | Uint8Array,
): Promise<number> {
  let size = 0;
  for await (const chunk of content instanceof Uint8Array ? [content] : content) {
    await writeFully(sink, chunk, size);
    size += chunk.length;
  }
  return size;
}

/** Reads an open file from `start` up to `stop`, and closes it then. */
export function streamOf(handle: FileHandle, start: number, stop: number): Readable {
  if (start < stop) {
    return createReadStream("", { fd: handle, start, end: stop - 1, highWaterMark: chunkBytes });
  }
  return new Readable({
    read() {
      this.push(null);
    },
    destroy(error, done) {
      handle.close().then(
        () => done(error),
        (failure: Error) => done(error ?? failure),
      );
    },
  });
}

/** What was written there is on the disk then: a file's content, or the names in a folder. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
