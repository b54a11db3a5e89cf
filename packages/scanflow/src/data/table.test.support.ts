import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Column, type ColumnBatch, concatBatches, isValid } from "@scanflow/checks";
import { onTestFinished } from "vitest";
import type { DataOptions } from "./data-options.ts";
import { readBatches } from "./read-batches.ts";

/** A folder that is gone after the test. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "scanflow-data-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** All rows of a table as one batch. */
export async function readTable(path: string, options?: DataOptions): Promise<ColumnBatch> {
  const batches: ColumnBatch[] = [];
  for await (const batch of readBatches(path, options)) batches.push(batch);
  return concatBatches(batches);
}

/** A column's values by row, null where one is missing. */
export function valuesOf(column: Column, rows: number): unknown[] {
  return Array.from({ length: rows }, (_, row) => {
    if (!isValid(column.validity, row)) return null;
    if (column.kind === "text") return column.dictionary[column.codes[row] ?? -1];
    if (column.kind !== "tensor") return column.values[row];
    const size = column.shape.reduce((product, length) => product * length, 1);
    return [...column.values.subarray(row * size, (row + 1) * size)];
  });
}

/** Columns as `name: kind`, with their values. */
export function plain({ rows, columns }: ColumnBatch): Record<string, unknown[]> {
  return Object.fromEntries(
    columns.map((column) => [`${column.name}: ${column.kind}`, valuesOf(column, rows)]),
  );
}
