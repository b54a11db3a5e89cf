import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { TensorColumn } from "@scanflow/checks";
import { dataFolder } from "./known-tables.ts";

/** Images of handwritten digits, each 28 × 28 from 0 to 1, with what they show. */
export interface Digits {
  readonly rows: number;
  readonly pixels: Float32Array;
  readonly labels: Uint8Array;
}

/** Pixels along a side of an image, and in all. */
export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

/** Reads MNIST from the folder of shared data. */
export function readMnist(part: "train" | "t10k"): Digits {
  const read = (what: string) =>
    gunzipSync(readFileSync(join(dataFolder(), "mnist", `${part}-${what}-ubyte.gz`)));
  const images = read("images-idx3");
  const labels = read("labels-idx1");
  const pixels = Float32Array.from(images.subarray(16), (byte) => byte / 255);
  return { rows: pixels.length / PIXELS, pixels, labels: Uint8Array.from(labels.subarray(8)) };
}

/** The pixels of some images, one after the other. */
export function takePixels(pixels: Float32Array, rows: ArrayLike<number>): Float32Array {
  const values = new Float32Array(rows.length * PIXELS);
  for (let at = 0; at < rows.length; at += 1) {
    const from = (rows[at] ?? 0) * PIXELS;
    values.set(pixels.subarray(from, from + PIXELS), at * PIXELS);
  }
  return values;
}

/** Images as a table of one column. */
export function imagesOf(values: Float32Array) {
  const image: TensorColumn = { kind: "tensor", name: "image", shape: [SIDE, SIDE], values, validity: null };
  return { rows: values.length / PIXELS, columns: [image] };
}

/** Places of the rows for which something holds. */
export function rowsWhere(labels: Uint8Array, holds: (label: number, row: number) => boolean): number[] {
  return Array.from(labels.keys()).filter((row) => holds(labels[row] ?? 0, row));
}
