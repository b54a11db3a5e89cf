import { fitScaler } from "../maths/column-scaler.ts";
import { fitLogistic } from "../maths/logistic-regression.ts";
import type { Matrix } from "../maths/matrix.ts";
import { halveRows, joinRows } from "../maths/pick-rows.ts";
import { createRandom } from "../random/random.ts";
import { hypergeometricTails } from "./hypergeometric-tails.ts";
import { needMatrices } from "./need-matrices.ts";

/** The answer of `classifierTest`. */
export interface ClassifierTestResult {
  /** The mean share of held-out rows of either sample that are told rightly: 0.5 by chance, 1 when they are told apart. */
  readonly statistic: number;
  /** One-sided, 0 to 1. */
  readonly pValue: number;
  /** Rows of both samples that the classifier was judged on. */
  readonly heldOut: number;
}

/**
 * Can a classifier tell rows of two samples apart (Lopez-Paz and Oquab 2017, Revisiting Classifier Two-Sample Tests)? A
 * logistic regression of the standardised columns and their squares learns from half of each sample and is judged on
 * the other half. It sees changes of means and spreads in many columns together, at a cost that grows with the rows
 * and the square of the columns; it does not see a change of dependence alone (`mmd` does).
 *
 * The p value is exact for samples of any sizes: the hypergeometric chance of as many right answers, given how many
 * rows were answered "first". With equal sizes it is near to the binomial one of the paper, which takes the held-out
 * labels for independent and would be wrong for unequal sizes.
 *
 * @param first at least 8 rows, as the second
 * @throws ChecksError SCANFLOW_SAMPLE_INVALID for too few rows, other columns, NaN or infinity
 */
export function classifierTest(
  first: Matrix,
  second: Matrix,
  { seed }: { readonly seed: number },
): ClassifierTestResult {
  needMatrices(first, second, { least: 8 });
  const random = createRandom(seed, "classifier test");
  const [learnFirst, judgeFirst] = halveRows(first, random);
  const [learnSecond, judgeSecond] = halveRows(second, random);
  const learn = joinRows(learnFirst, learnSecond);
  const scale = fitScaler(learn);
  const widen = fitScaler(withSquares(scale(learn)));
  const features = (matrix: Matrix) => widen(withSquares(scale(matrix)));
  const labels = new Uint8Array(learn.rows).fill(1, 0, learnFirst.rows);
  const weights = fitLogistic(features(learn), labels);
  // Unequal sizes move the log-odds of every row by the same amount.
  const bar = Math.log(learnFirst.rows / learnSecond.rows);
  const answers = (matrix: Matrix) => countAbove(features(matrix), weights, bar);
  const [right, wrong] = [answers(judgeFirst), answers(judgeSecond)];
  const urn = { marked: judgeFirst.rows, others: judgeSecond.rows, drawn: right + wrong };
  return {
    statistic: (right / judgeFirst.rows + 1 - wrong / judgeSecond.rows) / 2,
    pValue: hypergeometricTails(urn, right).upper,
    heldOut: judgeFirst.rows + judgeSecond.rows,
  };
}

function withSquares({ rows, columns, values }: Matrix): Matrix {
  const wide = new Float64Array(2 * values.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const value = values[row * columns + column] as number;
      wide[2 * row * columns + column] = value;
      wide[(2 * row + 1) * columns + column] = value * value;
    }
  }
  return { rows, columns: 2 * columns, values: wide };
}

function countAbove({ rows, columns, values }: Matrix, weights: Float64Array, bar: number): number {
  let count = 0;
  for (let row = 0; row < rows; row += 1) {
    let sum = weights[columns] as number;
    for (let column = 0; column < columns; column += 1) {
      sum += (weights[column] as number) * (values[row * columns + column] as number);
    }
    if (sum > bar) count += 1;
  }
  return count;
}
