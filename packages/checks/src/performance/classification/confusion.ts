import type { ClassAnswers } from "../../answers/answers.ts";

/** How often each class was taken for which. */
export interface Confusion {
  readonly classes: readonly string[];
  /** Rows, or their weights, by true class and then by predicted class. */
  readonly counts: readonly (readonly number[])[];
}

/** Counts the rows that have a label. */
export function confusionMatrix({ rows, classes, labels, predictions, weights }: ClassAnswers): Confusion {
  const counts = classes.map(() => new Array<number>(classes.length).fill(0));
  for (let row = 0; row < rows; row += 1) {
    const own = counts[labels[row] as number];
    if (own === undefined) continue;
    (own[predictions[row] as number] as number) += weights?.[row] ?? 1;
  }
  return { classes, counts };
}

/** What a confusion matrix says of one class. NaN where a share has no rows to be of. */
export interface ClassRates {
  /** Of the rows predicted so, the share that is. */
  readonly precision: number;
  /** Of the rows that are so, the share predicted so. */
  readonly recall: number;
  readonly f1: number;
  /** Rows that are so. */
  readonly support: number;
  /** Rows predicted so. */
  readonly predicted: number;
  /** Rows that are so and were predicted so. */
  readonly hits: number;
}

/** The sums by class that all figures of a confusion matrix are made of. */
export interface Margins {
  readonly support: Float64Array;
  readonly predicted: Float64Array;
  readonly hits: Float64Array;
}

/** @param counts by true class, then by predicted class */
export function marginsOf(counts: Confusion["counts"]): Margins {
  const predicted = new Float64Array(counts.length);
  for (const row of counts)
    for (const [at, count] of row.entries()) predicted[at] = (predicted[at] as number) + count;
  return {
    support: Float64Array.from(counts, sum),
    predicted,
    hits: Float64Array.from(counts, (row, at) => row[at] as number),
  };
}

export function ratesOf({ support, predicted, hits }: Margins): ClassRates[] {
  return Array.from(support, (own, at) => {
    const named = predicted[at] as number;
    const right = hits[at] as number;
    return {
      precision: right / named,
      recall: right / own,
      f1: (2 * right) / (own + named),
      support: own,
      predicted: named,
      hits: right,
    };
  });
}

/** @param counts by true class, then by predicted class */
export function classRates(counts: Confusion["counts"]): ClassRates[] {
  return ratesOf(marginsOf(counts));
}

/** The whole matrix in one figure each, as scikit-learn defines them. */
export interface ConfusionScores {
  readonly accuracy: number;
  /** The mean recall of the classes that have rows. */
  readonly balancedAccuracy: number;
  /** Means over the classes that are there or were predicted; what has no rows counts 0, as in scikit-learn. */
  readonly precisionMacro: number;
  readonly recallMacro: number;
  readonly f1Macro: number;
  /** The mean weighted by each class's rows. */
  readonly f1Weighted: number;
  /** Matthews' correlation of truth and prediction, -1 to 1 (Gorodkin 2004 for several classes); 0 when one is constant. */
  readonly mcc: number;
}

export function confusionScores(rates: readonly ClassRates[]): ConfusionScores {
  const total = sum(rates.map(({ support }) => support));
  const hits = sum(rates.map((rate) => rate.hits));
  const seen = rates.filter(({ support }) => support > 0);
  const named = rates.filter(({ support, predicted }) => support + predicted > 0);
  return {
    accuracy: hits / total,
    balancedAccuracy: mean(seen.map(({ recall }) => recall)),
    precisionMacro: mean(named.map(({ precision }) => precision || 0)),
    recallMacro: mean(named.map(({ recall }) => recall || 0)),
    f1Macro: mean(named.map(({ f1 }) => f1 || 0)),
    f1Weighted: sum(seen.map(({ f1, support }) => f1 * support)) / total,
    mcc: matthews(rates, total, hits),
  };
}

function matthews(rates: readonly ClassRates[], total: number, hits: number): number {
  const both = hits * total - sum(rates.map(({ support, predicted }) => support * predicted));
  const truth = total * total - sum(rates.map(({ support }) => support * support));
  const said = total * total - sum(rates.map(({ predicted }) => predicted * predicted));
  return truth > 0 && said > 0 ? both / Math.sqrt(truth * said) : 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
