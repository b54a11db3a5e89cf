import type { Column } from "../../batch/column.ts";
import { type ColumnBatch, columnOf } from "../../batch/column-batch.ts";
import { isValid } from "../../batch/validity.ts";
import { createFeaturePlanner, type FeaturePlan, type SliceTableOptions } from "./feature-plan.ts";
import type { SliceFeature, SliceTable } from "./slice-table.ts";

/**
 * Cuts a table's columns into parts: texts and booleans by value, numbers at quantiles. Missing values are a part of
 * their own. Columns of one part are left out.
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID, SCANFLOW_COLUMN_INVALID
 */
export function encodeFeatures(batch: ColumnBatch, options: SliceTableOptions = {}): SliceTable {
  const planner = createFeaturePlanner(options);
  planner.add(batch);
  return tableOf(planner.finish(), [batch]);
}

/** The rows of some batches, cut as planned. */
export function tableOf(plans: readonly FeaturePlan[], batches: readonly ColumnBatch[]): SliceTable {
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  const features = plans.map((plan): SliceFeature => {
    const codes = new Uint8Array(rows);
    let at = 0;
    for (const batch of batches) {
      encodeColumn(plan, columnOf(batch, plan.column), codes.subarray(at, at + batch.rows));
      at += batch.rows;
    }
    return { column: plan.column, parts: plan.parts, ordered: plan.ordered, codes };
  });
  return { rows, features };
}

/** Writes the code of each row; a value that was not there when the column was planned counts as a rarer one. */
export function encodeColumn(plan: FeaturePlan, column: Column | undefined, codes: Uint8Array): void {
  if (column === undefined || column.kind === "tensor") {
    codes.fill(plan.missing);
    return;
  }
  const codeAt = codeReader(plan, column);
  const { validity } = column;
  for (let row = 0; row < codes.length; row += 1) {
    codes[row] = isValid(validity, row) ? codeAt(row) : plan.missing;
  }
}

function codeReader(
  { edges, codes, other, missing }: FeaturePlan,
  column: Exclude<Column, { kind: "tensor" }>,
): (row: number) => number {
  if (column.kind === "text") {
    const known = column.dictionary.map((text) => codes.get(text) ?? other);
    return (row) => known[column.codes[row] as number] as number;
  }
  const { values } = column;
  if (column.kind === "boolean") {
    const [no, yes] = [codes.get("false") ?? other, codes.get("true") ?? other];
    return (row) => (values[row] === 1 ? yes : no);
  }
  if (edges === null) {
    return (row) => (Number.isNaN(values[row]) ? missing : (codes.get(String(values[row])) ?? other));
  }
  return (row) => {
    const value = values[row] as number;
    if (Number.isNaN(value)) return missing;
    let code = 0;
    while (code < edges.length && value >= (edges[code] as number)) code += 1;
    return code;
  };
}
