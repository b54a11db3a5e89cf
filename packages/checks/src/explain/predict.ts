import { ChecksError } from "../errors.ts";
import type { Matrix } from "../maths/matrix.ts";

/**
 * Any model, as a function of rows: one row of answers for each row asked, such as the probability of each class.
 * What it may not answer: another number of rows, another number of columns than before, NaN, or more than 1e150.
 */
export type Predict = (rows: Matrix) => Matrix | Promise<Matrix>;

/** Squares of larger answers overflow, and so do sums of differences. */
const LARGEST = 1e150;

const ACTION = "Mend the predictor: it must answer one row of finite numbers for each row it is asked.";

/**
 * Asks a predictor and holds it to its contract.
 *
 * @param outputs how many numbers it answered per row before; null the first time
 * @throws ChecksError SCANFLOW_PREDICTOR_INVALID when it throws or answers something else
 */
export async function askPredictor(
  predict: Predict,
  rows: Matrix,
  outputs: number | null = null,
): Promise<Matrix> {
  const answer = await predictOrThrow(predict, rows);
  const fail = (found: string): never => {
    throw new ChecksError("SCANFLOW_PREDICTOR_INVALID", `The predictor ${found}. ${ACTION}`);
  };
  if (typeof answer !== "object" || answer === null || !(answer.values instanceof Float64Array)) {
    return fail("did not answer a matrix { rows, columns, values: Float64Array }");
  }
  if (answer.rows !== rows.rows) return fail(`answered ${answer.rows} rows when asked for ${rows.rows}`);
  if (!Number.isSafeInteger(answer.columns) || answer.columns < 1) {
    return fail(`answered ${answer.columns} numbers per row`);
  }
  if (outputs !== null && answer.columns !== outputs) {
    return fail(`answered ${answer.columns} numbers per row after ${outputs} before`);
  }
  if (answer.values.length !== answer.rows * answer.columns) {
    return fail(`answered ${answer.values.length} values for ${answer.rows} × ${answer.columns}`);
  }
  const wrong = answer.values.findIndex((value) => !(Math.abs(value) <= LARGEST));
  if (wrong >= 0) {
    const row = Math.floor(wrong / answer.columns);
    return fail(`answered ${answer.values[wrong]} in row ${row}, output ${wrong % answer.columns}`);
  }
  return answer;
}

async function predictOrThrow(predict: Predict, rows: Matrix): Promise<Matrix> {
  try {
    return await predict(rows);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ChecksError(
      "SCANFLOW_PREDICTOR_INVALID",
      `The predictor failed on ${rows.rows} rows of ${rows.columns} features: ${reason}. ` +
        "Call it on these rows alone to see why.",
      { cause },
    );
  }
}
