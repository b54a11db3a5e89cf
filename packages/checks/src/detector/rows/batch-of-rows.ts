import type { Column } from "../../batch/column.ts";
import type { ColumnBatch } from "../../batch/column-batch.ts";
import { noneValid, setValid } from "../../batch/validity.ts";
import type { RowBlock } from "../run-rows.ts";
import { type RowColumn, rowWidth, widthOf } from "./row-columns.ts";

/** A text that no reference has. */
const unseen = "(not in the reference)";

/** Rows of numbers as the table that they came from: NaN is missing, a code without a category an unseen text. */
export function batchOfRows({ rows, values }: RowBlock, columns: readonly RowColumn[]): ColumnBatch {
  const width = rowWidth(columns);
  let start = 0;
  const made = columns.map((column): Column => {
    const own = widthOf(column);
    const from = start;
    start += own;
    const at = (row: number, place = 0) => values[row * width + from + place] ?? Number.NaN;
    const validity = noneValid(rows);
    for (let row = 0; row < rows; row += 1) if (!Number.isNaN(at(row))) setValid(validity, row);
    const { name, kind } = column;
    const numbers = () => Float64Array.from({ length: rows }, (_, row) => at(row));
    switch (column.kind) {
      case "number":
        return { kind: "number", name, validity, values: numbers(), integer: false };
      case "time":
        return { kind: "time", name, validity, values: numbers() };
      case "boolean":
        return {
          kind: "boolean",
          name,
          validity,
          values: Uint8Array.from(numbers(), (value) => Number(value > 0.5)),
        };
      case "text": {
        const { categories } = column;
        const codes = Int32Array.from(numbers(), (code) => (code >= 0 ? code : categories.length));
        return { kind: "text", name, validity, dictionary: [...categories, unseen], codes };
      }
      case "tensor": {
        const whole = Float32Array.from({ length: rows * own }, (_, place) =>
          at(Math.floor(place / own), place % own),
        );
        return { kind: "tensor", name, validity: null, shape: column.shape, values: whole };
      }
      default:
        throw new Error(`unknown kind ${kind}`);
    }
  });
  return { rows, columns: made };
}
