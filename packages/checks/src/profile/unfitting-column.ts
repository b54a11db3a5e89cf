import { ChecksError } from "../errors.ts";

/** A batch that is not of the same table as those before it, or a column that does not do for what is asked of it. */
export function unfitting(
  reason: string,
  action = "Give batches of one table: the same columns, of the same kinds.",
): ChecksError {
  return new ChecksError("SCANFLOW_COLUMN_INVALID", `${reason}. ${action}`);
}
