import { ChecksError } from "../errors.ts";
import type { Matrix } from "../maths/matrix.ts";

/** @throws ChecksError SCANFLOW_EXPLAIN_INPUT_INVALID unless there is a row, and as many columns as wanted */
export function needRows(
  what: string,
  { rows, columns, values }: Matrix,
  { features, model }: { readonly features: number; readonly model: string },
): void {
  const fail = (found: string): never => {
    throw new ChecksError("SCANFLOW_EXPLAIN_INPUT_INVALID", `${what}: ${found}.`);
  };
  if (!(rows >= 1)) fail("there is no row: give at least one");
  if (!(columns >= 1)) fail("there is no column: give at least one");
  if (columns !== features) {
    fail(
      `there are ${columns} columns, but ${model} has ${features} features: give the columns it was fitted on`,
    );
  }
  if (values.length !== rows * columns) {
    fail(`${values.length} values cannot be ${rows} rows of ${columns}: give rows × columns values`);
  }
}

/** Names for columns that have none. @throws ChecksError SCANFLOW_EXPLAIN_INPUT_INVALID for a wrong number of names */
export function featureNames(columns: number, names?: readonly string[]): readonly string[] {
  if (names === undefined) return Array.from({ length: columns }, (_, at) => `feature ${at}`);
  if (names.length === columns) return names;
  throw new ChecksError(
    "SCANFLOW_EXPLAIN_INPUT_INVALID",
    `There are ${names.length} names of features for ${columns} columns: name each column once.`,
  );
}

/** @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID */
export function needOption(
  place: string,
  {
    name,
    value,
    least,
    most = Number.MAX_SAFE_INTEGER,
  }: {
    readonly name: string;
    readonly value: number;
    readonly least: number;
    readonly most?: number;
  },
): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`;
  throw new ChecksError(
    "SCANFLOW_CHECK_OPTION_INVALID",
    `${place}: "${name}" is ${value}: give a whole number ${range}.`,
  );
}
