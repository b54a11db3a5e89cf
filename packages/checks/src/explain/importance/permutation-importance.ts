import { ChecksError } from "../../errors.ts";
import type { Matrix } from "../../maths/matrix.ts";
import { studentQuantile } from "../../maths/student.ts";
import { createRandom, type Random } from "../../random/random.ts";
import type { Signal } from "../../signal.ts";
import { featureNames, needOption, needRows } from "../explain-input.ts";
import { askPredictor, type Predict } from "../predict.ts";
import { type Score, type ScoreName, scoreBy } from "./score.ts";

/** Settings of `permutationImportance`. */
export interface PermutationImportanceOptions {
  readonly score: ScoreName | Score;
  /** How often each feature is shuffled, 2 to 1,000; default 10. */
  readonly repeats?: number;
  /** Of the shuffles: a whole number; default 0. */
  readonly seed?: number;
  readonly features?: readonly string[];
  readonly signal?: Signal | undefined;
}

/** How much a model's score rests on each feature. */
export interface Importance {
  /** On the rows as they are. */
  readonly score: number;
  /** In the order of the columns. */
  readonly features: readonly FeatureImportance[];
}

/** How much a score rests on one feature. */
export interface FeatureImportance {
  readonly feature: string;
  /** How far the score falls when the feature is shuffled, over the repeats. */
  readonly mean: number;
  /** Of the repeats, divisor n − 1. */
  readonly sd: number;
  /** Of a 95 % interval for the mean: what other shuffles of the same rows would give, by Student's t. */
  readonly low: number;
  readonly high: number;
  /** Each repeat's fall. */
  readonly drops: readonly number[];
}

/**
 * How far a model's score falls when one feature is shuffled among the rows, so that it tells nothing any more
 * (Breiman 2001; model-agnostic: Fisher, Rudin and Dominici 2019). About 0 for a feature that the model does not
 * use; features that say the same share their importance. Rows that the model was not trained on tell the truth.
 *
 * @param truth one number per row: the class (0, 1, …) or the value
 * @throws ChecksError SCANFLOW_PREDICTOR_INVALID, SCANFLOW_EXPLAIN_INPUT_INVALID, SCANFLOW_CHECK_OPTION_INVALID
 */
export async function permutationImportance(
  predict: Predict,
  { rows, truth }: { readonly rows: Matrix; readonly truth: Float64Array },
  { score, repeats = 10, seed = 0, features, signal }: PermutationImportanceOptions,
): Promise<Importance> {
  const place = "permutationImportance";
  needRows(place, rows, { features: rows.columns, model: "the table" });
  needOption(place, { name: "repeats", value: repeats, least: 2, most: 1_000 });
  needTruth(truth, rows);
  const names = featureNames(rows.columns, features);
  const judge = scoreBy(score);
  const answers = await askPredictor(predict, rows);
  const whole = scoreOf(judge, truth, answers);
  const found: FeatureImportance[] = [];
  for (const [column, feature] of names.entries()) {
    const random = createRandom(seed, `permutation-importance/${feature}`);
    const drops: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      signal?.throwIfAborted();
      const shuffled = await askPredictor(predict, shuffleColumn(rows, column, random), answers.columns);
      drops.push(whole - scoreOf(judge, truth, shuffled));
    }
    found.push({ feature, ...summarise(drops), drops });
  }
  return { score: whole, features: found };
}

/** Fisher and Yates. */
function shuffleColumn({ rows, columns, values }: Matrix, column: number, random: Random): Matrix {
  const shuffled = values.slice();
  for (let row = rows - 1; row > 0; row -= 1) {
    const [here, there] = [row * columns + column, random.below(row + 1) * columns + column];
    const value = shuffled[here] as number;
    shuffled[here] = shuffled[there] as number;
    shuffled[there] = value;
  }
  return { rows, columns, values: shuffled };
}

function summarise(drops: readonly number[]): Pick<FeatureImportance, "mean" | "sd" | "low" | "high"> {
  const mean = drops.reduce((sum, drop) => sum + drop, 0) / drops.length;
  const squares = drops.reduce((sum, drop) => sum + (drop - mean) ** 2, 0);
  const sd = Math.sqrt(squares / (drops.length - 1));
  const half = (studentQuantile(0.95, drops.length - 1) * sd) / Math.sqrt(drops.length);
  return { mean, sd, low: mean - half, high: mean + half };
}

function scoreOf(judge: Score, truth: Float64Array, answers: Matrix): number {
  const score = judge(truth, answers);
  if (Number.isFinite(score)) return score;
  throw new ChecksError(
    "SCANFLOW_EXPLAIN_INPUT_INVALID",
    `permutationImportance: the score is ${score}: give a truth that is not all the same, or a score that fits it.`,
  );
}

function needTruth(truth: Float64Array, { rows }: Matrix): void {
  const fail = (found: string): never => {
    throw new ChecksError("SCANFLOW_EXPLAIN_INPUT_INVALID", `permutationImportance: ${found}.`);
  };
  if (truth.length !== rows)
    fail(`there are ${truth.length} true values for ${rows} rows: give one for each`);
  const missing = truth.findIndex((value) => !Number.isFinite(value));
  if (missing >= 0) fail(`the true value of row ${missing} is ${truth[missing]}: leave out rows without one`);
}
