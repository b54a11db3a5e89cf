import { ChecksError } from "../errors.ts";

/** Rows as plain lists: a score, whether it is positive, and how much it counts; of the last two there may be more. */
export interface Scored {
  readonly scores: ArrayLike<number>;
  /** 0 or 1; between them for a row that is both, in parts. */
  readonly labels: ArrayLike<number>;
  readonly weights?: ArrayLike<number> | null;
}

/**
 * @param what of whom the message is. @param range of the scores, both ends included
 * @throws ChecksError SCANFLOW_ANSWERS_INVALID naming the row
 */
export function needScored(
  what: string,
  { scores, labels, weights = null }: Scored,
  [low, high]: readonly [number, number] = [0, 1],
): void {
  const fail = (problem: string): never => {
    throw new ChecksError("SCANFLOW_ANSWERS_INVALID", `${what}: ${problem}.`);
  };
  if (labels.length < scores.length || (weights !== null && weights.length < scores.length)) {
    const weighted = weights === null ? "" : ` and ${weights.length} weights`;
    fail(`there are ${scores.length} scores, ${labels.length} labels${weighted}: give one of each a row`);
  }
  for (let row = 0; row < scores.length; row += 1) {
    const [score, label, weight] = [scores[row] as number, labels[row] as number, weights?.[row] ?? 1];
    if (!(score >= low && score <= high))
      fail(`the score of row ${row} is ${score}: give ${rangeText(low, high)}`);
    // Parts of a row may add up to a rounding error more.
    if (!(label >= 0 && label <= 1 + 1e-9)) fail(`the label of row ${row} is ${label}: give 0 or 1`);
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
      fail(`the weight of row ${row} is ${weight}: give a finite number from 0 on`);
  }
}

function rangeText(low: number, high: number): string {
  return Number.isFinite(low)
    ? `a probability from ${low} to ${high}`
    : "a number, and leave missing ones out";
}
