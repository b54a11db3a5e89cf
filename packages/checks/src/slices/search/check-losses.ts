import { ChecksError } from "../../errors.ts";
import type { SliceTable } from "../table/slice-table.ts";

/** Squares of larger losses overflow when they are added up. */
const LARGEST = 1e150;

/** @throws ChecksError SCANFLOW_ANSWERS_INVALID unless there is a loss for each row */
export function checkLosses(table: SliceTable, losses: Float64Array): void {
  const bad = losses.findIndex((loss) => !(loss >= 0 && loss <= LARGEST));
  if (losses.length === table.rows && losses.length > 0 && bad < 0) return;
  const found =
    bad < 0
      ? `there are ${losses.length} losses for ${table.rows} rows`
      : `the loss of row ${bad} is ${losses[bad]}`;
  throw new ChecksError(
    "SCANFLOW_ANSWERS_INVALID",
    `Slices: ${found}: give a loss from 0 to ${LARGEST} for each row.`,
  );
}
