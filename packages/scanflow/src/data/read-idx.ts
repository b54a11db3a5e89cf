import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import type { ColumnBatch } from "@scanflow/checks";
import { ScanflowError } from "@scanflow/core";
import { chooseColumns } from "./choose-columns.ts";
import type { DataOptions } from "./data-options.ts";

const BATCH_ROWS = 1_024;

/**
 * Rows of an IDX file, as MNIST is published (may be gzipped): one column, `label` where it has one dimension, else
 * `image`, a tensor with the values as they stand in the file: 0 to 255 of bytes, or those of any other type that the
 * format knows (LeCun, "The IDX file format"), numbers with the greatest byte first.
 */
export async function* readIdx(path: string, options: DataOptions): AsyncGenerator<ColumnBatch> {
  const source = byteSource(path);
  try {
    const magic = await source.take(4);
    const dimensions = magic[3] ?? 0;
    const element = ELEMENTS[magic[2] ?? 0];
    if (magic[0] !== 0 || magic[1] !== 0 || element === undefined || dimensions < 1 || dimensions > 8) {
      throw broken(path, "it does not begin as an IDX file does");
    }
    const sizes = await source.take(dimensions * 4);
    const view = new DataView(sizes.buffer, sizes.byteOffset, sizes.byteLength);
    const [rows = 0, ...shape] = Array.from({ length: dimensions }, (_, at) => view.getUint32(at * 4));
    chooseColumns([shape.length > 0 ? "image" : "label"], options.columns);
    const size = shape.reduce((product, length) => product * length, 1);
    for (let from = 0; from < rows || from === 0; from += BATCH_ROWS) {
      options.signal?.throwIfAborted();
      const count = Math.min(BATCH_ROWS, rows - from);
      const numbers = element.read(await source.take(count * size * element.bytes));
      yield { rows: count, columns: [columnFrom(numbers, shape)] };
      options.progress?.({ rows: from + count, share: rows === 0 ? 1 : (from + count) / rows });
    }
  } catch (cause) {
    if (cause instanceof ScanflowError || options.signal?.aborted) throw cause;
    throw broken(path, cause instanceof Error ? cause.message : String(cause), cause);
  } finally {
    source.close();
  }
}

interface Element {
  readonly bytes: number;
  readonly read: (content: Uint8Array) => Numbers;
}

type Numbers = { readonly whole: boolean; readonly values: ArrayLike<number> };

/** The types of elements, by the third byte of a file. */
const ELEMENTS: Readonly<Record<number, Element>> = {
  8: { bytes: 1, read: (values) => ({ whole: true, values }) },
  9: elementOf(1, true, (view, at) => view.getInt8(at)),
  11: elementOf(2, true, (view, at) => view.getInt16(at)),
  12: elementOf(4, true, (view, at) => view.getInt32(at)),
  13: elementOf(4, false, (view, at) => view.getFloat32(at)),
  14: elementOf(8, false, (view, at) => view.getFloat64(at)),
};

function elementOf(bytes: number, whole: boolean, numberAt: (view: DataView, at: number) => number): Element {
  return {
    bytes,
    read: (content) => {
      const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
      const values = new Float64Array(content.length / bytes);
      for (let at = 0; at < values.length; at += 1) values[at] = numberAt(view, at * bytes);
      return { whole, values };
    },
  };
}

function columnFrom({ whole, values }: Numbers, shape: readonly number[]): ColumnBatch["columns"][number] {
  if (shape.length > 0) {
    return { kind: "tensor", name: "image", validity: null, shape, values: Float32Array.from(values) };
  }
  return { kind: "number", name: "label", validity: null, values: Float64Array.from(values), integer: whole };
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
