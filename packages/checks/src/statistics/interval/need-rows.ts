import { ChecksError } from "../../errors.ts";
import { refused } from "../need-sample.ts";

/** More rows than this there are nowhere. */
const MOST = 1e15;

/**
 * Both may be fractions, as of weighted rows, and the hits a rounding error more than the rows.
 *
 * @throws ChecksError SCANFLOW_SAMPLE_INVALID
 */
export function needRows(hits: number, rows: number): void {
  if (!(rows >= 0 && rows <= MOST)) throw refused(`The number of rows is ${rows}`, "give a number from 0 on");
  // Of no rows there is no share, whatever the hits.
  if (rows === 0 || (hits >= 0 && hits <= rows * (1 + 1e-9) + 1e-9)) return;
  throw refused(`The number of hits is ${hits} of ${rows} rows`, "give a number from 0 to that of the rows");
}

/** @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID */
export function needConfidence(confidence: number): void {
  if (confidence > 0 && confidence < 1) return;
  throw new ChecksError(
    "SCANFLOW_CHECK_OPTION_INVALID",
    `"confidence" is ${confidence}: give a number between 0 and 1.`,
  );
}
