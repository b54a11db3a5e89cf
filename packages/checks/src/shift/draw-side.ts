import type { ColumnBatch } from "../batch/column-batch.ts";
import type { Dataset } from "../checker/checker.ts";
import { sampleBatch } from "../profile/sample-columns.ts";
import { sampleRows } from "../profile/sample-rows.ts";

/**
 * What rows of a table are looked at.
 *
 * - `all-rows`: every row
 * - `drawn-rows`: some of them, drawn at random
 * - `reservoir`: the random sample of rows that a saved profile keeps
 */
export type RowBasis = "all-rows" | "drawn-rows" | "reservoir";

/** Rows of a table to look at. */
export interface Side {
  readonly name: string;
  readonly batch: ColumnBatch;
  /** Rows of the table. */
  readonly total: number;
  readonly basis: RowBasis;
}

const MOST_ROWS = 10_000;

/** At most 10,000 rows of a table, in bounded memory. @param seed the same one draws the same rows */
export async function drawSide({ name, batches, profile }: Dataset, seed: number): Promise<Side> {
  if (batches === null) {
    const known = await profile();
    const batch = sampleBatch(known);
    return { name, batch, total: known.rows, basis: batch.rows === known.rows ? "all-rows" : "reservoir" };
  }
  const sample = sampleRows(MOST_ROWS, seed);
  let total = 0;
  for await (const batch of batches()) {
    sample.add(batch, total);
    total += batch.rows;
  }
  const batch = sample.batch();
  return { name, batch, total, basis: batch.rows === total ? "all-rows" : "drawn-rows" };
}
