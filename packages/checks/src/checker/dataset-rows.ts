import type { ColumnBatch } from "../batch/column-batch.ts";
import { concatBatches } from "../batch/concat-batches.ts";
import { sampleBatch } from "../profile/sample-columns.ts";
import type { Dataset } from "./checker.ts";

/**
 * A dataset's rows batch by batch: all of them, or those that its profile kept.
 *
 * @param names those that it has of these columns are taken; default: all
 */
export async function* rowsOf(dataset: Dataset, names?: readonly string[]): AsyncGenerator<ColumnBatch> {
  const batches = dataset.batches === null ? [sampleBatch(await dataset.profile())] : dataset.batches();
  for await (const batch of batches) {
    if (names === undefined) yield batch;
    else yield { rows: batch.rows, columns: batch.columns.filter(({ name }) => names.includes(name)) };
  }
}

/**
 * A dataset's rows as one batch, where they fit into memory: all of them, or those that its profile kept.
 *
 * @param names those that it has of these columns are taken; default: all
 * @throws ChecksError SCANFLOW_COLUMN_INVALID when they are not of one table
 */
export async function gatherRows(dataset: Dataset, names?: readonly string[]): Promise<ColumnBatch> {
  const batches: ColumnBatch[] = [];
  for await (const batch of rowsOf(dataset, names)) batches.push(batch);
  const filled = batches.filter(({ rows }) => rows > 0);
  return concatBatches(filled.length > 0 ? filled : batches.slice(0, 1));
}
