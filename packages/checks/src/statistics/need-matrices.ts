import type { Matrix } from "../maths/matrix.ts";
import { refused } from "./need-sample.ts";

/** Squares of larger numbers than this overflow when they are added up. */
const FARTHEST = 1e150;

/** Rows of the same finite numbers in both. @throws ChecksError SCANFLOW_SAMPLE_INVALID */
export function needMatrices(
  first: Matrix,
  second: Matrix,
  {
    names = ["first", "second"],
    least = 2,
  }: { readonly names?: readonly [string, string]; least?: number } = {},
): void {
  for (const [at, matrix] of [first, second].entries()) {
    const name = names[at] as string;
    const { rows, columns, values } = matrix;
    if (rows < least || columns < 1) {
      throw refused(
        `The ${name} sample has ${rows} rows of ${columns} columns`,
        `give it at least ${least} rows and 1 column`,
      );
    }
    if (values.length !== rows * columns) {
      throw refused(
        `The ${name} sample holds ${values.length} values for ${rows} rows of ${columns} columns`,
        `give ${rows * columns} values, row by row`,
      );
    }
    const bad = values.findIndex((value) => !(Math.abs(value) <= FARTHEST));
    if (bad >= 0) {
      throw refused(
        `Row ${Math.floor(bad / columns)}, column ${bad % columns} of the ${name} sample is ${values[bad]}`,
        "leave out or fill in missing and infinite values, and those too large to be squared",
      );
    }
  }
  if (first.columns === second.columns) return;
  throw refused(
    `The ${names[0]} sample has ${first.columns} columns and the ${names[1]} ${second.columns}`,
    "give both the same columns in the same order",
  );
}
