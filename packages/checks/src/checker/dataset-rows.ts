import type { ColumnBatch } from "../batch/column-batch.ts";
import { concatBatches } from "../batch/concat-batches.ts";
import { sampleBatch } from "../profile/sample-columns.ts";
import type { Dataset } from "./checker.ts";

/** A dataset's rows batch by batch: all of them, or those that its profile kept. */
export async function* rowsOf(dataset: Dataset): AsyncGenerator<ColumnBatch> {
  if (dataset.batches === null) yield sampleBatch(await dataset.profile());
  else yield* dataset.batches();
}

/**
 * A dataset's rows as one batch.
 *
 * @param names those that it has of these columns are taken; default: all
 * @throws ChecksError SCANFLOW_COLUMN_INVALID when its batches are not those of one table
 */
export async function gatherRows(dataset: Dataset, names?: readonly string[]): Promise<ColumnBatch> {
  const batches: ColumnBatch[] = [];
  for await (const { rows, columns } of rowsOf(dataset)) {
    const wanted = columns.filter(({ name }) => names === undefined || names.includes(name));
    batches.push({ rows, columns: wanted });
  }
  const filled = batches.filter(({ rows }) => rows > 0);
  return concatBatches(filled.length > 0 ? filled : batches.slice(0, 1));
}
