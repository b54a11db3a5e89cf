import type { ClassAnswers } from "./answers.ts";

/** By row: −log of the probability given to the true class, which counts at least `least`; NaN without a label. */
export function logLosses({ rows, labels, probabilities }: ClassAnswers, least = 2 ** -52): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    const label = labels[row] as number;
    const given = probabilities?.[label]?.[row] ?? Number.NaN;
    return -Math.log(Math.min(1, Math.max(least, given)));
  });
}

/**
 * By row: the squared distance between the probabilities and the truth; NaN without a label. For two classes Brier's
 * score of the positive one (0 to 1); for more, the sum over the classes (0 to 2), as in scikit-learn.
 */
export function brierScores({ rows, classes, labels, probabilities }: ClassAnswers): Float64Array {
  const scale = classes.length === 2 ? 0.5 : 1;
  return Float64Array.from({ length: rows }, (_, row) => {
    const label = labels[row] as number;
    if (label < 0 || probabilities === null) return Number.NaN;
    let total = 0;
    for (let at = 0; at < classes.length; at += 1) {
      total += ((probabilities[at]?.[row] as number) - Number(at === label)) ** 2;
    }
    return total * scale;
  });
}
