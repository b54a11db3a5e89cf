import type { Column } from "../../batch/column.ts";
import { type ColumnBatch, columnOf } from "../../batch/column-batch.ts";
import { takeRows } from "../../batch/take-rows.ts";
import { isValid } from "../../batch/validity.ts";
import { ChecksError } from "../../errors.ts";
import type { RowCondition } from "./model-test.ts";

/** The rows that meet all conditions; a missing value meets none but `null`. */
export function fittingRows(batch: ColumnBatch, conditions: readonly RowCondition[]): ColumnBatch {
  if (conditions.length === 0) return batch;
  const meets = conditions.map((condition) => meeting(needed(batch, condition.column), condition));
  const rows: number[] = [];
  for (let row = 0; row < batch.rows; row += 1) if (meets.every((meet) => meet(row))) rows.push(row);
  return takeRows(batch, rows);
}

/** @throws ChecksError SCANFLOW_COLUMN_INVALID when the data have no such column */
export function needed(batch: ColumnBatch, name: string): Column {
  const column = columnOf(batch, name);
  if (column !== undefined) return column;
  throw new ChecksError(
    "SCANFLOW_COLUMN_INVALID",
    `Column "${name}" is not in the data, which have ${batch.columns.map((known) => known.name).join(", ")}: name one of these.`,
  );
}

function meeting(column: Column, condition: RowCondition): (row: number) => boolean {
  if (column.kind === "tensor") return () => false;
  if ("texts" in condition) {
    const { texts } = condition;
    const orMissing = (meets: (row: number) => boolean) => (row: number) =>
      isValid(column.validity, row) ? meets(row) : texts.includes(null);
    if (column.kind === "text") {
      const codes = new Set(texts.map((text) => (text === null ? -1 : column.dictionary.indexOf(text))));
      codes.delete(-1);
      return orMissing((row) => codes.has(column.codes[row] ?? -1));
    }
    const shown = (value: number) => (column.kind === "boolean" ? String(value === 1) : String(value));
    return orMissing((row) => texts.includes(shown(column.values[row] as number)));
  }
  if (column.kind === "text") return () => false;
  return (row) => {
    const value = column.values[row] as number;
    return isValid(column.validity, row) && value >= condition.from && value < condition.to;
  };
}
