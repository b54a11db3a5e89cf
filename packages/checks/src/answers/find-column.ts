import type { Column } from "../batch/column.ts";
import { type ColumnBatch, columnOf } from "../batch/column-batch.ts";
import { isValid } from "../batch/validity.ts";
import { AnswersError } from "./answers-error.ts";

/** @param role what it is named as, such as `label` */
export function findColumn(batch: ColumnBatch, name: string, role: string): Column {
  const column = columnOf(batch, name);
  if (column !== undefined) return column;
  throw new AnswersError(
    name,
    `Column "${name}" is not in the table: name the column of the ${role} in the params.`,
  );
}

/** A column's numbers, NaN where one is missing. */
export function numbersOf(batch: ColumnBatch, name: string, role: string): Float64Array {
  const column = findColumn(batch, name, role);
  if (column.kind !== "number" && column.kind !== "boolean") {
    throw new AnswersError(
      name,
      `Column "${name}" holds ${column.kind}s, not numbers: name a column of numbers for the ${role}.`,
    );
  }
  const { values, validity } = column;
  if (validity === null && column.kind === "number") return column.values;
  return Float64Array.from(values, (value, row) => (isValid(validity, row) ? value : Number.NaN));
}

/** Weights beyond these, but for 0, over- or underflow when they are multiplied and added up. */
const LIGHTEST = 1e-15;
const HEAVIEST = 1e15;

/** The weight of each row, NaN where it is missing. */
export function weightsOf(batch: ColumnBatch, name: string | undefined): Float64Array | null {
  if (name === undefined) return null;
  const weights = numbersOf(batch, name, "weight");
  const row = weights.findIndex((weight) => weight !== 0 && (weight < LIGHTEST || weight > HEAVIEST));
  if (row >= 0) {
    throw new AnswersError(
      name,
      `Column "${name}" holds the weight ${weights[row]} in row ${row}: give 0, or weights from ${LIGHTEST} to ${HEAVIEST}.`,
    );
  }
  if (weights.length > 0 && weights.every((weight) => weight === 0)) {
    const message = `Column "${name}" holds the weight 0 in all ${weights.length} rows: give some that count.`;
    throw new AnswersError(name, message);
  }
  return weights;
}
