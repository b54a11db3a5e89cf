import type { ColumnBatch } from "../batch/column-batch.ts";
import { toMatrix } from "../batch/to-matrix.ts";
import { columnMoments } from "../detector/front/moments.ts";
import type { ImagesFigure } from "../figure/figure.ts";
import type { Judged } from "./judged.ts";

const NAMED = 5;

/** Where columns are the pixels of an image: those whose mean moved most, in standard deviations of the reference. */
export function changedPixels({ detector, reference, window }: Judged): string[] {
  if (detector === null || detector.image === null || detector.columns.length === 1) return [];
  const before = momentsOf(reference.batch, detector.columns);
  const now = momentsOf(window.batch, detector.columns);
  return detector.columns
    .map((name, at) => {
      const change = Math.abs((now.mean[at] ?? 0) - (before.mean[at] ?? 0));
      // A pixel that never varied counts by its change alone.
      return { name, change: change / (Math.sqrt(before.variance[at] ?? 0) || 1) };
    })
    .sort((a, b) => b.change - a.change)
    .slice(0, NAMED)
    .map(({ name }) => name);
}

/** The mean image of either side, and where the window's is brighter or darker; null where rows are no images. */
export function meanImages({ detector, reference, window }: Judged): ImagesFigure | null {
  if (detector === null || detector.image === null) return null;
  const [height = 1, width = 1] = detector.image.slice(-2);
  const meanOf = (batch: ColumnBatch) =>
    Array.from(momentsOf(batch, detector.columns).mean).slice(0, height * width);
  const [before, now] = [meanOf(reference.batch), meanOf(window.batch)];
  const low = Math.min(...before, ...now);
  const range = Math.max(...before, ...now) - low || 1;
  const ink = (pixels: readonly number[]) => pixels.map((value) => (value - low) / range);
  return {
    kind: "images",
    title: "The mean image, and where the window's is another",
    width,
    height,
    images: [
      { caption: "reference", pixels: ink(before) },
      { caption: "window", pixels: ink(now), overlay: now.map((value, at) => value - (before[at] ?? 0)) },
    ],
  };
}

function momentsOf(batch: ColumnBatch, columns: readonly string[]) {
  const { rows, values } = toMatrix(batch, columns);
  return columnMoments({ rows, values: Float32Array.from(values) });
}
