import { columnOf } from "../../batch/column-batch.ts";
import { isValid } from "../../batch/validity.ts";
import type { Dataset } from "../../checker/checker.ts";
import { rowsOf } from "../../checker/dataset-rows.ts";
import { readReferenceRows } from "../row-facts.ts";
import { rowKey, rowLanes } from "../row-keys.ts";
import { createSpots, type Spots } from "../spots.ts";

/** Rows of a window whose value in one column is in the reference, too. */
export async function sharedValues(window: Dataset, reference: Dataset, name: string): Promise<Spots> {
  const names = new Set([name]);
  const known = await readReferenceRows(rowsOf(reference, [name]), names);
  const spots = createSpots();
  let firstRow = 0;
  for await (const batch of rowsOf(window, [name])) {
    const lanes = rowLanes(batch, names);
    const validity = columnOf(batch, name)?.validity ?? null;
    for (let row = 0; row < batch.rows; row += 1)
      if (isValid(validity, row) && known.has(rowKey(lanes, row))) spots.add(firstRow + row);
    firstRow += batch.rows;
  }
  return spots;
}
