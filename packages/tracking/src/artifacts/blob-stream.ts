import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import { corruptError, openStored, readBlob, type Wanted } from "./blob.ts";
import { ArtifactError } from "./errors.ts";
import type { StoreFolder } from "./store-folder.ts";
import { codedStorageError } from "./system-error.ts";

/** Byte offsets of the first and the last byte wanted, both included, as in an HTTP range. */
export type ByteRange = { readonly start?: number; readonly end?: number };

/** An open file of a store. `size` is how many bytes the stream gives; `stream` ends with an error if damaged. */
export type OpenArtifact = { readonly stream: Readable; readonly size: number };

const chunkBytes = 256 * 1024;

/** The first byte of a range and the one past its last. `SCANFLOW_ARTIFACT_RANGE` if it is not inside. */
export function checkRange(
  { start = 0, end }: ByteRange,
  size: number,
  label: string,
): { start: number; stop: number } {
  const stop = end === undefined ? size : end + 1;
  if (Number.isInteger(start) && Number.isInteger(stop) && start >= 0 && start <= stop && stop <= size) {
    return { start, stop };
  }
  throw new ArtifactError(
    "SCANFLOW_ARTIFACT_RANGE",
    `Bytes ${start} to ${end ?? size - 1} lie outside ${label}, which has ${size}. Ask for bytes from 0 to ${size - 1}.`,
  );
}

/** Streams `start` to `stop`; `check` is asked before the last bytes are given, with the digest of all given. */
function streamOf(
  handle: FileHandle,
  { start, stop }: { start: number; stop: number },
  check: (hex: string, read: number) => Promise<void>,
): Readable {
  const hash = createHash("sha256");
  let position = start;
  let ended = false;
  async function next(): Promise<Buffer | null> {
    if (ended) return null;
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, stop - position));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    const chunk = buffer.subarray(0, bytesRead);
    position += bytesRead;
    hash.update(chunk);
    ended = position === stop || bytesRead === 0;
    if (ended) await check(hash.digest("hex"), position - start);
    return bytesRead === 0 ? null : chunk;
  }
  return new Readable({
    highWaterMark: chunkBytes,
    read() {
      next().then(
        (chunk) => {
          if (!this.destroyed) this.push(chunk);
        },
        (error: unknown) => this.destroy(codedStorageError(error, "read an artifact") as Error),
      );
    },
    destroy(error, done) {
      handle.close().then(
        () => done(error),
        (failure: Error) => done(error ?? failure),
      );
    },
  });
}

/** What was read whole and found sound, by digest: file number, size and time of the last write. */
const soundByStore = new WeakMap<StoreFolder, Map<string, string>>();
const mostRemembered = 10_000;

async function ensureSound(store: StoreFolder, wanted: Wanted, state: string): Promise<void> {
  const sound = soundByStore.get(store) ?? new Map<string, string>();
  soundByStore.set(store, sound);
  if (sound.get(wanted.hex) === state) return;
  await readBlob(store, wanted);
  if (sound.size >= mostRemembered) sound.clear();
  sound.set(wanted.hex, state);
}

/**
 * Opens a stored file. Read whole, it is checked on the way and the stream fails before its last bytes if the
 * content is damaged; a part is given only of a file that was found sound as a whole since it was last written.
 */
export async function openBlob(
  store: StoreFolder,
  wanted: Wanted,
  range: ByteRange = {},
): Promise<OpenArtifact> {
  const handle = await openStored(store, "file", wanted);
  try {
    const { size, ino, mtimeNs } = await handle.stat({ bigint: true });
    const part = checkRange(range, Number(size), wanted.label);
    const whole = part.start === 0 && part.stop === Number(size);
    if (!whole) await ensureSound(store, wanted, `${ino}:${size}:${mtimeNs}`);
    const stream = streamOf(handle, part, async (hex, read) => {
      if (whole ? hex === wanted.hex : read === part.stop - part.start) return;
      throw await corruptError(store, "file", wanted, { hex, size: read, ino });
    });
    return { stream, size: part.stop - part.start };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
