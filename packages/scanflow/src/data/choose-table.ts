import { nearest, ScanflowError } from "@scanflow/core";

/**
 * The table of a database that is to be read: the one that is named, else the only one.
 *
 * @throws ScanflowError SCANFLOW_DATA_TABLE
 */
export function chooseTable(path: string, tables: readonly string[], wanted: string | undefined): string {
  const [only] = tables;
  if (only === undefined) {
    throw refused(path, "has no table", "Name another file, or a query.");
  }
  const listed = tables.slice(0, 20).join(", ");
  if (wanted === undefined) {
    if (tables.length === 1) return only;
    throw refused(
      path,
      `has ${tables.length} tables`,
      `Name one behind the path, such as '${path}#${only}'; there are ${listed}.`,
    );
  }
  if (tables.includes(wanted)) return wanted;
  const meant = nearest(wanted, tables);
  throw refused(
    path,
    `has no table "${wanted}"`,
    meant === undefined ? `Name one of ${listed}.` : `Did you mean "${meant}"?`,
  );
}

function refused(path: string, problem: string, action: string): ScanflowError {
  return new ScanflowError("SCANFLOW_DATA_TABLE", `"${path}" ${problem}. ${action}`);
}
