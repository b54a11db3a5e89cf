import { ChecksError } from "../../errors.ts";
import type { Matrix } from "../../maths/matrix.ts";

/**
 * How good a model's answers are, **greater is better**: give errors negated.
 *
 * @param truth one number per row: the class (0, 1, …) or the value
 * @param answers what the predictor said of those rows
 */
export type Score = (truth: Float64Array, answers: Matrix) => number;

/** Scores by name. Errors and losses are negated, so that greater is better. */
export type ScoreName = keyof typeof SCORES;

const SCORES = {
  /** The share of rows whose class is right: the likeliest output, or 1 from a single output of .5 on. */
  accuracy: (truth, answers) => {
    const right = truth.filter((label, row) => classOf(answers, row) === label);
    return right.length / truth.length;
  },
  /** The mean log of the probability given to the true class, not below log 1e-15. */
  "log-loss": (truth, { columns, values }) =>
    meanOf(truth, (label, row) => {
      const single = columns === 1;
      const given = values[row * columns + (single ? 0 : label)] as number;
      return Math.log(Math.min(1, Math.max(1e-15, single && label === 0 ? 1 - given : given)));
    }),
  /** 1 − the squared error over that of always answering the mean. */
  r2: (truth, answers) => {
    const mean = meanOf(truth, (value) => value);
    const spread = meanOf(truth, (value) => (value - mean) ** 2);
    return 1 + negatedSquares(truth, answers) / spread;
  },
  "squared-error": negatedSquares,
  "absolute-error": (truth, { columns, values }) =>
    -meanOf(truth, (value, row) => Math.abs(value - (values[row * columns] as number))),
} as const satisfies Record<string, Score>;

/** @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID for a name that is none */
export function scoreBy(score: ScoreName | Score): Score {
  if (typeof score === "function") return score;
  if (Object.hasOwn(SCORES, score)) return SCORES[score];
  throw new ChecksError(
    "SCANFLOW_CHECK_OPTION_INVALID",
    `permutationImportance: "score" is ${JSON.stringify(score)}: give one of ${Object.keys(SCORES).join(", ")}, or a function.`,
  );
}

function classOf({ columns, values }: Matrix, row: number): number {
  if (columns === 1) return (values[row] as number) >= 0.5 ? 1 : 0;
  let best = 0;
  for (let at = 1; at < columns; at += 1) {
    if ((values[row * columns + at] as number) > (values[row * columns + best] as number)) best = at;
  }
  return best;
}

function meanOf(values: Float64Array, of: (value: number, row: number) => number): number {
  return values.reduce((sum, value, row) => sum + of(value, row), 0) / values.length;
}

function negatedSquares(truth: Float64Array, { columns, values }: Matrix): number {
  return -meanOf(truth, (value, row) => (value - (values[row * columns] as number)) ** 2);
}
