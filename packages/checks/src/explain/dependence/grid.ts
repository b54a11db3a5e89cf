import { ChecksError } from "../../errors.ts";
import type { Matrix } from "../../maths/matrix.ts";

/**
 * A feature's values at equal steps of its rank, each once; all its values when there are no more than `points`.
 *
 * @throws ChecksError SCANFLOW_EXPLAIN_INPUT_INVALID when the column has no value, or is not there
 */
export function gridOf(
  { rows, columns, values }: Matrix,
  column: number,
  { points, place }: { readonly points: number; readonly place: string },
): Float64Array {
  const fail = (found: string): never => {
    throw new ChecksError("SCANFLOW_EXPLAIN_INPUT_INVALID", `${place}: ${found}.`);
  };
  if (!Number.isInteger(column) || column < 0 || column >= columns) {
    fail(`there is no feature ${column} among ${columns}: give one from 0 to ${columns - 1}`);
  }
  const own = Float64Array.from({ length: rows }, (_, row) => values[row * columns + column] as number);
  const sorted = own.filter(Number.isFinite).sort();
  if (sorted.length === 0)
    fail(`feature ${column} has no value in any of ${rows} rows: give rows that have one`);
  const distinct = Float64Array.from(new Set(sorted));
  if (distinct.length <= points) return distinct;
  const steps = Array.from(
    { length: points },
    (_, at) => sorted[Math.round((at * (sorted.length - 1)) / (points - 1))] as number,
  );
  return Float64Array.from(new Set(steps));
}
