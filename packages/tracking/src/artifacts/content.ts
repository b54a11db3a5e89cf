import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { refuseMarker } from "./digest.ts";

/** Up to this many bytes a file is read at once and hashed before anything is written. */
export const smallBytes = 1024 * 1024;

const chunkBytes = 512 * 1024;

export type Content = { readonly hex: string; readonly size: number };

/** Fills `buffer` from `position` on, up to the end of the file; returns what was filled. */
export async function readFully(handle: FileHandle, buffer: Buffer, position: number): Promise<Buffer> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** Reads a file to its end; the next chunk is fetched while the last one is used. A chunk is valid until the next. */
export async function* readChunks(handle: FileHandle): AsyncGenerator<Buffer> {
  let position = 0;
  let [using, filling] = [Buffer.allocUnsafeSlow(chunkBytes), Buffer.allocUnsafeSlow(chunkBytes)];
  let ahead = readFully(handle, filling, position);
  try {
    while (true) {
      const chunk = await ahead;
      if (chunk.length === 0) return;
      position += chunk.length;
      [using, filling] = [filling, using];
      ahead = readFully(handle, filling, position);
      yield chunk;
    }
  } finally {
    await ahead.catch(() => undefined);
  }
}

/** What went by since it was last told: bytes, and files that are dealt with. */
export type Passed = (bytes: number, files: number) => void;

/** Tells of chunks as they go by. */
export async function* toldChunks(chunks: AsyncIterable<Buffer>, passed?: Passed): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    yield chunk;
    passed?.(chunk.length, 0);
  }
}

/** Gathers small or large chunks of any source into chunks of one size, copied, so a source may reuse its own. */
export async function* gatherChunks(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const staged = Buffer.allocUnsafeSlow(chunkBytes);
  let filled = 0;
  for await (const bytes of source) {
    for (let offset = 0; offset < bytes.byteLength; ) {
      const part = bytes.subarray(offset, offset + staged.length - filled);
      staged.set(part, filled);
      filled += part.byteLength;
      offset += part.byteLength;
      if (filled < staged.length) continue;
      yield staged;
      filled = 0;
    }
  }
  if (filled > 0) yield staged.subarray(0, filled);
}

/** Writes all bytes at `position`, however many calls the system takes for it. */
export async function writeFully(handle: FileHandle, bytes: Uint8Array, position = 0): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const rest = bytes.length - written;
    written += (await handle.write(bytes, written, rest, position + written)).bytesWritten;
  }
}

/**
 * Hashes chunks in one pass and writes them to `sink`, if there is one, at the same time. `fresh` content, that
 * is, content on its way into a store, may not begin as a manifest does.
 */
export async function digestChunks(
  chunks: AsyncIterable<Buffer>,
  { sink, fresh = false }: { sink?: FileHandle; fresh?: boolean } = {},
): Promise<Content> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of chunks) {
    if (fresh && size === 0) refuseMarker(chunk);
    const writing = sink && writeFully(sink, chunk, size);
    hash.update(chunk);
    size += chunk.length;
    await writing;
  }
  return { hex: hash.digest("hex"), size };
}
