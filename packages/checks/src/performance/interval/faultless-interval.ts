import { normalQuantile } from "../../maths/normal.ts";
import type { Random } from "../../random/random.ts";
import type { Estimate } from "../../statistics/interval/estimate.ts";
import { type Confusion, marginsOf, ratesOf } from "../classification/confusion.ts";
import type { OfRates } from "./confusion-interval.ts";

const DRAWS = 1_000;

interface Drawing {
  /** How many rows of equal weight the matrix tells as much as. */
  readonly rows: number;
  readonly random: Random;
  readonly confidence: number;
}

/**
 * Figures of a confusion matrix without an error. A bootstrap and the delta method see nothing vary and would be sure of
 * a faultless model after ten rows. Here the true share of errors is drawn from Beta(1, rows), as after seeing none
 * (the rule of three), and put upon one class, drawn by its rows, and one wrong answer.
 */
export function faultlessEstimates(
  of: OfRates,
  counts: Confusion["counts"],
  { rows, random, confidence }: Drawing,
): Estimate[] {
  const margins = marginsOf(counts);
  const { support } = margins;
  const values = of(ratesOf(margins));
  const total = support.reduce((sum, own) => sum + own, 0);
  const drawn = Array.from({ length: DRAWS }, () => {
    const errors = total * (1 - random.uniform() ** (1 / rows));
    const truth = drawClass(support, total * random.uniform());
    const said = (truth + 1 + random.below(Math.max(1, support.length - 1))) % support.length;
    const moved = said === truth ? 0 : Math.min(errors, support[truth] as number);
    const predicted = Float64Array.from(margins.predicted);
    const hits = Float64Array.from(margins.hits);
    predicted[truth] = (predicted[truth] as number) - moved;
    predicted[said] = (predicted[said] as number) + moved;
    hits[truth] = (hits[truth] as number) - moved;
    return of(ratesOf({ support, predicted, hits }));
  });
  const z = normalQuantile(confidence);
  return values.map((value, at) => {
    const sorted = Float64Array.from(drawn, (figures) => figures[at] as number).sort();
    const low = Math.min(value, sorted[Math.floor(((1 - confidence) / 2) * DRAWS)] as number);
    return { value, low, high: value, standardError: (value - low) / z, method: "rule-of-three" };
  });
}

function drawClass(support: Float64Array, place: number): number {
  let rest = place;
  for (const [at, own] of support.entries()) {
    rest -= own;
    if (rest < 0) return at;
  }
  return support.findLastIndex((own) => own > 0);
}
