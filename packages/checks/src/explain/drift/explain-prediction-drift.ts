import { ChecksError } from "../../errors.ts";
import type { BarsFigure } from "../../figure/figure.ts";
import type { Matrix } from "../../maths/matrix.ts";
import { normalTail } from "../../maths/normal.ts";
import type { Attributions } from "../attributions.ts";
import { needOption } from "../explain-input.ts";

/** Settings of `explainPredictionDrift`. */
export interface PredictionDriftOptions {
  /** Which of the model's outputs; default the first. */
  readonly output?: number;
  /** Most features in sentence and figure, 1 to 1,000; default 8. The list holds all. */
  readonly most?: number;
}

/** What one feature's shift did to the mean answer. */
export interface FeatureShift {
  readonly feature: string;
  /** In the unit of the answer. */
  readonly shift: number;
  /** Of a 95 % interval, from the spread of the contributions over the rows. */
  readonly low: number;
  readonly high: number;
  /** That the feature did nothing to the mean answer (Welch, large samples). */
  readonly pValue: number;
}

/** Why a model's answers moved. Plain JSON data. */
export interface PredictionDriftExplanation {
  /** The mean answer over the rows. */
  readonly reference: number;
  readonly window: number;
  /** What moved the mean most first; together they are the whole move. */
  readonly features: readonly FeatureShift[];
  /** Such as "the mean answer went from 0.24 to 0.31: +0.05 by age, +0.02 by hours". */
  readonly sentence: string;
  readonly figure: BarsFigure;
}

/**
 * Which features' shift moves a model's answers: the mean contribution of each over the window less that over the
 * reference. By efficiency these add up to the change of the mean answer, so a shift that the model does not care
 * about counts nothing, however large.
 *
 * @param reference Shapley values of reference rows, from `treeShap` or `kernelShap`
 * @param window of the window's rows: the same model, features and background
 * @throws ChecksError SCANFLOW_EXPLAIN_INPUT_INVALID when the two are not of one model and background
 */
export function explainPredictionDrift(
  reference: Attributions,
  window: Attributions,
  { output = 0, most = 8 }: PredictionDriftOptions = {},
): PredictionDriftExplanation {
  const place = "explainPredictionDrift";
  needOption(place, { name: "most", value: most, least: 1, most: 1_000 });
  needOption(place, { name: "output", value: output, least: 0, most: reference.base.length - 1 });
  needSameModel(reference, window);
  const [old, now] = [reference.values[output], window.values[output]] as [Matrix, Matrix];
  const base = reference.base[output] as number;
  const features = reference.features
    .map((feature, at): FeatureShift => ({ feature, ...shiftOf(momentsOf(old, at), momentsOf(now, at)) }))
    .toSorted((a, b) => Math.abs(b.shift) - Math.abs(a.shift));
  const before = base + meanSum(old);
  const after = base + meanSum(now);
  const shown = features.slice(0, most);
  return {
    reference: before,
    window: after,
    features,
    sentence: sentenceOf([before, after], shown),
    figure: {
      kind: "bars",
      title: `What moved the mean answer from ${short(before)} to ${short(after)}`,
      x: "feature",
      y: "change of the mean answer",
      categories: shown.map(({ feature }) => feature),
      series: [
        {
          name: "change",
          values: shown.map(({ shift }) => shift),
          low: shown.map(({ low }) => low),
          high: shown.map(({ high }) => high),
        },
      ],
    },
  };
}

function sentenceOf([before, after]: readonly [number, number], shown: readonly FeatureShift[]): string {
  const told = shown.filter(({ pValue }) => pValue <= 0.05 / shown.length);
  const start = `the mean answer went from ${short(before)} to ${short(after)}`;
  if (told.length === 0) return `${start}; no feature did more than chance would`;
  const parts = told.map(
    ({ feature, shift }) => `${shift > 0 ? "+" : "−"}${short(Math.abs(shift))} by ${feature}`,
  );
  return `${start}: ${parts.join(", ")}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

interface MeanMoments {
  readonly mean: number;
  /** Squared standard error of the mean. */
  readonly error: number;
}

function momentsOf({ rows, columns, values }: Matrix, column: number): MeanMoments {
  let mean = 0;
  let squares = 0;
  for (let row = 0; row < rows; row += 1) {
    const value = values[row * columns + column] as number;
    const delta = value - mean;
    mean += delta / (row + 1);
    squares += delta * (value - mean);
  }
  return { mean, error: rows > 1 ? squares / (rows - 1) / rows : 0 };
}

function shiftOf(old: MeanMoments, now: MeanMoments): Omit<FeatureShift, "feature"> {
  const shift = now.mean - old.mean;
  const error = Math.sqrt(old.error + now.error);
  const half = 1.959964 * error;
  const pValue = error > 0 ? normalTail(shift / error) : shift === 0 ? 1 : 0;
  return { shift, low: shift - half, high: shift + half, pValue };
}

function meanSum({ rows, values }: Matrix): number {
  return values.reduce((sum, value) => sum + value, 0) / rows;
}

function needSameModel(reference: Attributions, window: Attributions): void {
  const fail = (found: string): never => {
    throw new ChecksError("SCANFLOW_EXPLAIN_INPUT_INVALID", `explainPredictionDrift: ${found}.`);
  };
  const other = reference.features.findIndex((feature, at) => window.features[at] !== feature);
  if (other >= 0 || reference.features.length !== window.features.length) {
    fail("the two sides have other features: explain both with the same model and columns");
  }
  if (reference.base.some((base, output) => base !== window.base[output])) {
    fail("the two sides have other base values: explain both with the same model and background");
  }
}
