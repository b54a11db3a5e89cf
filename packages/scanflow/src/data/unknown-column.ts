import { nearest, ScanflowError } from "@scanflow/core";

/** That a column was asked for which the data do not have. Code: SCANFLOW_DATA_COLUMN. */
export function unknownColumn(name: string, known: readonly string[]): ScanflowError {
  const meant = nearest(name, known);
  const action =
    meant === undefined ? `Name one of ${known.slice(0, 20).join(", ")}.` : `Did you mean "${meant}"?`;
  return new ScanflowError("SCANFLOW_DATA_COLUMN", `There is no column "${name}" in the data. ${action}`);
}
