import type { ValueAnswers } from "../../answers/answers.ts";
import { createRandom } from "../../random/random.ts";
import type { Estimate } from "../../statistics/interval/estimate.ts";
import { bootstrapEstimates } from "../interval/bootstrap-interval.ts";
import { deltaEstimate, type OfMeans } from "../interval/delta-interval.ts";
import { quantileEstimate } from "../interval/quantile-interval.ts";
import { createMeans } from "../interval/weighted-means.ts";
import type { PerformanceOptions } from "../performance-options.ts";
import type { ValueMetric, ValuePerformance } from "../performance-report.ts";

/** How well a regression model does, batch by batch, in bounded memory. */
export interface ValueMeter {
  add(answers: ValueAnswers): void;
  finish(): ValuePerformance;
}

/** Of the mean absolute error, error, squared error, truth, squared truth and relative error. */
const METRICS: Readonly<Record<ValueMetric, OfMeans>> = {
  mae: ([absolute]) => absolute ?? Number.NaN,
  rmse: ([, , squares]) => Math.sqrt(Math.max(0, squares ?? Number.NaN)),
  r2: ([, , squares = 0, truth = 0, truthSquares = 0]) => {
    const variance = truthSquares - truth ** 2;
    return variance > 0 ? 1 - squares / variance : Number.NaN;
  },
  mape: ([, , , , , relative]) => relative ?? Number.NaN,
  bias: ([, error]) => error ?? Number.NaN,
};
const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95];
const SAMPLED = 100_000;

/** A share larger than this of a true value is no share of it: that value is as good as 0. */
const MOST_RELATIVE = 1e60;

/** `mape` is left out when a true value is 0: no share of it is an error. `r2` is NaN where all true values are one. */
export function createValueMeter(options: Required<PerformanceOptions>): ValueMeter {
  const means = createMeans(6);
  const random = createRandom(options.seed, "performance");
  const figures: number[][] = [];
  const errors: number[] = [];
  let shift: number | null = null;
  let weighted = false;
  let rows = 0;
  let leftOut = 0;
  let zeros = 0;

  function add({ labels, predictions, weights, rows: count, leftOut: without }: ValueAnswers): void {
    leftOut += without;
    weighted ||= weights !== null;
    for (let row = 0; row < count; row += 1) {
      const truth = labels[row] as number;
      if (Number.isNaN(truth)) {
        leftOut += 1;
        continue;
      }
      const error = (predictions[row] as number) - truth;
      shift ??= truth;
      const centred = truth - shift;
      const share = Math.abs(error / truth);
      const isShare = share <= MOST_RELATIVE;
      const relative = isShare ? share : 0;
      zeros += Number(!isShare);
      const own = [Math.abs(error), error, error * error, centred, centred * centred, relative];
      means.add(own, weights?.[row] ?? 1);
      rows += 1;
      if (rows <= options.bootstrapRows) figures.push(own);
      keepError(error);
    }
  }

  /** A reservoir: each row stays with the same chance. */
  function keepError(error: number): void {
    if (errors.length < SAMPLED) errors.push(error);
    else {
      const place = random.below(rows);
      if (place < SAMPLED) errors[place] = error;
    }
  }

  function finish(): ValuePerformance {
    const summed = means.finish();
    const names = (Object.keys(METRICS) as ValueMetric[]).filter((name) => name !== "mape" || zeros === 0);
    const few = !weighted && rows <= options.bootstrapRows && rows > 1;
    const estimates = few
      ? bootstrapped(figures, names, options)
      : names.map((name) => deltaEstimate(METRICS[name], summed, options.confidence));
    const sorted = Float64Array.from(errors).sort();
    return {
      task: "regression",
      rows,
      leftOut,
      effectiveRows: summed.effectiveRows,
      confidence: options.confidence,
      metrics: Object.fromEntries(names.map((name, at) => [name, estimates[at]])),
      errorQuantiles: SHARES.map((share) => ({
        share,
        error: quantileEstimate(sorted, share, options.confidence),
      })),
      quantilesOfSample: rows > SAMPLED,
    };
  }

  return { add, finish };
}

function bootstrapped(
  figures: readonly (readonly number[])[],
  names: readonly ValueMetric[],
  { seed, confidence }: Required<PerformanceOptions>,
): Estimate[] {
  const columns = [0, 1, 2, 3, 4, 5].map((at) => Float64Array.from(figures, (own) => own[at] as number));
  const of = (counts: Float64Array) => {
    const rows = counts.reduce((sum, count) => sum + count, 0);
    const means = columns.map((values) => {
      let total = 0;
      for (let row = 0; row < values.length; row += 1)
        total += (counts[row] as number) * (values[row] as number);
      return total / rows;
    });
    return names.map((name) => METRICS[name](means));
  };
  const kindOf = figures.map((_, row) => row);
  const random = createRandom(seed, "bootstrap");
  return bootstrapEstimates({ kindOf, kinds: figures.length, of }, { random, confidence });
}
