import type { Column } from "../../batch/column.ts";
import type { ColumnBatch } from "../../batch/column-batch.ts";
import { needed } from "./fitting-rows.ts";
import type { InvarianceTest } from "./model-test.ts";

/** The rows with a column changed, once for each way to change it. */
export function changedBatches(batch: ColumnBatch, { column: name, change }: InvarianceTest): ColumnBatch[] {
  const column = needed(batch, name);
  const replaced = (other: Column): ColumnBatch => ({
    rows: batch.rows,
    columns: batch.columns.map((each) => (each.name === name ? other : each)),
  });
  if ("add" in change) {
    if (column.kind !== "number" && column.kind !== "time") return [];
    return [replaced({ ...column, values: column.values.map((value) => value + change.add) })];
  }
  return change.to.map((value) => replaced(filled(column, batch.rows, value)));
}

function filled(column: Column, rows: number, value: string | number): Column {
  const { name } = column;
  if (typeof value === "number") {
    const values = new Float64Array(rows).fill(value);
    return { kind: "number", name, validity: null, values, integer: Number.isInteger(value) };
  }
  return { kind: "text", name, validity: null, dictionary: [value], codes: new Int32Array(rows) };
}
