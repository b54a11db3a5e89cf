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

/** The weight of each row, NaN where it is missing. */
export function weightsOf(batch: ColumnBatch, name: string | undefined): Float64Array | null {
  if (name === undefined) return null;
  const weights = numbersOf(batch, name, "weight");
  const bad = weights.find((weight) => weight < 0 || weight === Number.POSITIVE_INFINITY);
  if (bad === undefined) return weights;
  throw new AnswersError(name, `Column "${name}" holds the weight ${bad}: give finite weights from 0 on.`);
}
