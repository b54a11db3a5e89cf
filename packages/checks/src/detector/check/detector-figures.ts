import type { ColumnBatch } from "../../batch/column-batch.ts";
import { takeRows } from "../../batch/take-rows.ts";
import { toMatrix } from "../../batch/to-matrix.ts";
import type { Figure, HistogramFigure, ImagesFigure } from "../../figure/figure.ts";
import type { Matrix } from "../../maths/matrix.ts";
import type { Detector, Scores } from "../detector.ts";

const bins = 20;

/** How the rows' scores are spread; those of a window like the reference are spread evenly. */
export function scoreFigure({ score }: Scores): HistogramFigure {
  const counts = new Array<number>(bins).fill(0);
  const known = score.filter((value) => !Number.isNaN(value));
  for (const value of known) {
    const bin = Math.min(bins - 1, Math.floor(value * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return {
    kind: "histogram",
    title: "How unusual the rows are",
    x: "score (share of reference rows that are less unusual)",
    y: "share of rows",
    edges: Array.from({ length: bins + 1 }, (_, at) => at / bins),
    series: [
      { name: "window", shares: counts.map((count) => count / Math.max(1, known.length)) },
      { name: "expected", shares: counts.map(() => 1 / bins) },
    ],
  };
}

/** The most unusual rows as images, with what the detector could not restore laid over them. */
export async function worstFigure(
  detector: Detector,
  rows: ColumnBatch,
  worst: readonly { readonly row: number; readonly id: string; readonly surprise: number }[],
): Promise<Figure | null> {
  if (detector.image === null || worst.length === 0) return null;
  const [height = 1, width = 1] = detector.image.slice(-2);
  const chosen = takeRows(
    rows,
    worst.map(({ row }) => row),
  );
  const { seen, restored } = await detector.restore(chosen);
  const pixels = scaled(toMatrix(chosen, detector.columns));
  const first = height * width;
  const images = worst.map(({ id, surprise }, at): ImagesFigure["images"][number] => ({
    // The number first: a long name is cut.
    caption: `${surprise.toFixed(1)}: ${id}`,
    pixels: [...rowOf(pixels, at)].slice(0, first),
    overlay: [...rowOf(seen, at)]
      .slice(0, first)
      .map((value, pixel) => value - (rowOf(restored, at)[pixel] ?? 0)),
  }));
  return {
    kind: "images",
    title: "The most unusual rows with their surprise, and what was not expected in them",
    width,
    height,
    images,
  };
}

function rowOf({ columns, values }: Matrix, row: number): Float64Array {
  return values.subarray(row * columns, (row + 1) * columns);
}

function scaled(matrix: Matrix): Matrix {
  const finite = matrix.values.filter(Number.isFinite);
  const low = finite.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = finite.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const range = high - low || 1;
  return {
    ...matrix,
    values: matrix.values.map((value) => (Number.isFinite(value) ? (value - low) / range : 0)),
  };
}
