import { ChecksError } from "../errors.ts";

/** A batch that is not of the same table as those before it. */
export function unfitting(reason: string): ChecksError {
  return new ChecksError(
    "SCANFLOW_COLUMN_INVALID",
    `${reason}. Give batches of one table: the same columns, of the same kinds.`,
  );
}
