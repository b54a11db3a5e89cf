import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { TensorColumn } from "@scanflow/checks";

/** Images of handwritten digits, each 28 × 28 from 0 to 1, with what they show. */
export interface Digits {
  readonly rows: number;
  readonly pixels: Float32Array;
  readonly labels: Uint8Array;
}

const size = 28 * 28;

/** Reads MNIST from the folder of shared data (`SCANFLOW_DATA` names another). */
export function readMnist(part: "train" | "t10k"): Digits {
  const folder = process.env.SCANFLOW_DATA ?? "../shared/data";
  const path = (what: string) => join(folder, "mnist", `${part}-${what}-ubyte.gz`);
  if (!existsSync(path("images-idx3"))) throw new Error(`MNIST is not in ${folder}: set SCANFLOW_DATA`);
  const images = gunzipSync(readFileSync(path("images-idx3")));
  const labels = gunzipSync(readFileSync(path("labels-idx1")));
  const pixels = Float32Array.from(images.subarray(16), (byte) => byte / 255);
  return { rows: pixels.length / size, pixels, labels: Uint8Array.from(labels.subarray(8)) };
}

/** Some of the images as a table of one column. */
export function imagesOf(pixels: Float32Array, rows: ArrayLike<number>) {
  const values = new Float32Array(rows.length * size);
  for (let at = 0; at < rows.length; at += 1) {
    const from = (rows[at] ?? 0) * size;
    values.set(pixels.subarray(from, from + size), at * size);
  }
  const image: TensorColumn = { kind: "tensor", name: "image", shape: [28, 28], values, validity: null };
  return { rows: rows.length, columns: [image] };
}

/** Places of the rows for which something holds. */
export function rowsWhere(labels: Uint8Array, holds: (label: number, row: number) => boolean): number[] {
  return Array.from(labels.keys()).filter((row) => holds(labels[row] ?? 0, row));
}
