import { normalQuantile } from "../../maths/normal.ts";
import type { Random } from "../../random/random.ts";
import type { Estimate } from "../../statistics/interval/estimate.ts";
import {
  type ClassRates,
  type Confusion,
  type Margins,
  marginsOf,
  ratesOf,
} from "../classification/confusion.ts";
import { bootstrapEstimates } from "./bootstrap-interval.ts";

/** Figures that are worked out of the rates of the classes. */
export type OfRates = (rates: readonly ClassRates[]) => readonly number[];

interface Cell {
  readonly truth: number;
  readonly said: number;
  readonly count: number;
}

/** The cells that count something: of very many classes they are few. */
function filledCells(counts: Confusion["counts"]): Cell[] {
  return counts.flatMap((row, truth) =>
    row.flatMap((count, said) => (count > 0 ? [{ truth, said, count }] : [])),
  );
}

/**
 * Figures of a confusion matrix, by the delta method for a multinomial sample. A cell counts in three sums only (its
 * true class, its predicted class, and the hits), so slopes are taken of these: as many as classes, not as cells.
 *
 * @param rows how many rows of equal weight the matrix tells as much as
 */
export function deltaOfConfusion(
  of: OfRates,
  counts: Confusion["counts"],
  { rows, confidence = 0.95 }: { readonly rows: number; readonly confidence?: number },
): Estimate[] {
  const margins = marginsOf(counts);
  const total = margins.support.reduce((sum, own) => sum + own, 0);
  const values = of(ratesOf(margins));
  const slopes = {
    support: slopesOf(of, margins, "support"),
    predicted: slopesOf(of, margins, "predicted"),
    hits: slopesOf(of, margins, "hits"),
  };
  const cells = filledCells(counts);
  return values.map((value, figure) => {
    let mean = 0;
    let square = 0;
    for (const { truth, said, count } of cells) {
      const hit = truth === said ? (slopes.hits[truth]?.[figure] ?? 0) : 0;
      const slope =
        ((slopes.support[truth]?.[figure] ?? 0) + (slopes.predicted[said]?.[figure] ?? 0) + hit) * total;
      mean += (count / total) * slope;
      square += (count / total) * slope * slope;
    }
    const standardError = Math.sqrt(Math.max(0, square - mean * mean) / rows);
    const half = normalQuantile(confidence) * standardError;
    return { value, low: value - half, high: value + half, standardError, method: "delta" };
  });
}

/** By class: how each figure moves with one of its sums. */
function slopesOf(of: OfRates, margins: Margins, which: keyof Margins): (readonly number[] | null)[] {
  const moved = Float64Array.from(margins[which]);
  return Array.from(margins[which], (own, at) => {
    if (own === 0) return null;
    const step = own * 1e-5;
    const figuresAt = (value: number) => {
      moved[at] = value;
      return of(ratesOf({ ...margins, [which]: moved }));
    };
    const [above, below] = [figuresAt(own + step), figuresAt(own - step)];
    moved[at] = own;
    return above.map((figure, place) => (figure - (below[place] as number)) / (2 * step));
  });
}

/** The same by a bootstrap, for few rows that count 1 each. */
export function bootstrapOfConfusion(
  of: OfRates,
  counts: Confusion["counts"],
  { random, confidence }: { readonly random: Random; readonly confidence: number },
): Estimate[] {
  const cells = filledCells(counts);
  const kindOf = cells.flatMap(({ count }, kind) => new Array<number>(count).fill(kind));
  const drawn = (times: Float64Array) => {
    const size = counts.length;
    const margins = {
      support: new Float64Array(size),
      predicted: new Float64Array(size),
      hits: new Float64Array(size),
    };
    const add = (sums: Float64Array, at: number, count: number) => {
      sums[at] = (sums[at] as number) + count;
    };
    for (const [kind, { truth, said }] of cells.entries()) {
      const count = times[kind] as number;
      add(margins.support, truth, count);
      add(margins.predicted, said, count);
      if (truth === said) add(margins.hits, truth, count);
    }
    return of(ratesOf(margins));
  };
  return bootstrapEstimates({ kindOf, kinds: cells.length, of: drawn }, { random, confidence });
}
