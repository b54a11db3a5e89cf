import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import type { ColumnBatch } from "@scanflow/checks";
import { ScanflowError } from "@scanflow/core";
import type { DataOptions } from "./data-options.ts";

const BATCH_ROWS = 1_024;
const UNSIGNED_BYTE = 8;

/**
 * Rows of an IDX file of bytes, as MNIST is published (magic 0x0801 to 0x0808; may be gzipped): one column, `label`
 * where it has one dimension, else `image`, a tensor with values from 0 to 255 as they stand in the file.
 */
export async function* readIdx(path: string, options: DataOptions): AsyncGenerator<ColumnBatch> {
  const source = byteSource(path);
  try {
    const magic = await source.take(4);
    const dimensions = magic[3] ?? 0;
    if (magic[0] !== 0 || magic[1] !== 0 || magic[2] !== UNSIGNED_BYTE || dimensions < 1 || dimensions > 8) {
      throw broken(path, "it does not begin as an IDX file of bytes does");
    }
    const sizes = await source.take(dimensions * 4);
    const view = new DataView(sizes.buffer, sizes.byteOffset, sizes.byteLength);
    const [rows = 0, ...shape] = Array.from({ length: dimensions }, (_, at) => view.getUint32(at * 4));
    const size = shape.reduce((product, length) => product * length, 1);
    for (let from = 0; from < rows || from === 0; from += BATCH_ROWS) {
      options.signal?.throwIfAborted();
      const count = Math.min(BATCH_ROWS, rows - from);
      yield { rows: count, columns: [columnFrom(await source.take(count * size), shape)] };
      options.progress?.({ rows: from + count, share: rows === 0 ? 1 : (from + count) / rows });
    }
  } catch (cause) {
    if (cause instanceof ScanflowError || options.signal?.aborted) throw cause;
    throw broken(path, cause instanceof Error ? cause.message : String(cause), cause);
  } finally {
    source.close();
  }
}

function columnFrom(bytes: Uint8Array, shape: readonly number[]): ColumnBatch["columns"][number] {
  if (shape.length > 0) {
    return { kind: "tensor", name: "image", validity: null, shape, values: Float32Array.from(bytes) };
  }
  return { kind: "number", name: "label", validity: null, values: Float64Array.from(bytes), integer: true };
}

function byteSource(path: string) {
  const file = createReadStream(path);
  const content = /\.gz$/i.test(path) ? file.pipe(createGunzip()) : file;
  file.on("error", (error) => content.destroy(error));
  const chunks = (content as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  async function take(length: number): Promise<Uint8Array> {
    const parts = [rest];
    let have = rest.length;
    while (have < length) {
      const next = await chunks.next();
      if (next.done) throw broken(path, `it ends ${length - have} bytes too early`);
      parts.push(next.value);
      have += next.value.length;
    }
    const all = Buffer.concat(parts);
    rest = all.subarray(length);
    return Uint8Array.prototype.slice.call(all, 0, length);
  }

  return { take, close: () => void file.destroy() };
}

function broken(path: string, problem: string, cause?: unknown): ScanflowError {
  return new ScanflowError("SCANFLOW_DATA_UNREADABLE", `"${path}": ${problem}. Fetch it again.`, { cause });
}
