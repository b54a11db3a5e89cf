import type { Column } from "./column.ts";

/**
 * Some rows of a table, column by column. All data flows as `AsyncIterable<ColumnBatch>`: the batches of one table
 * have the same columns, in the same order and of the same kinds. Never changed once made.
 */
export interface ColumnBatch {
  readonly rows: number;
  /** Distinct names. */
  readonly columns: readonly Column[];
}

/** The column of this name; undefined when the batch has none. */
export function columnOf(batch: ColumnBatch, name: string): Column | undefined {
  return batch.columns.find((column) => column.name === name);
}
