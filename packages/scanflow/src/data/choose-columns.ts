import { nearest, ScanflowError } from "@scanflow/core";

/**
 * Which columns are read, in their order: those that are asked for, else all.
 *
 * @throws ScanflowError SCANFLOW_DATA_COLUMN when none is asked for, one is not there, or stands twice
 */
export function chooseColumns(
  known: readonly string[],
  wanted: readonly string[] | undefined,
): readonly string[] {
  const repeated = repeatedIn(known);
  if (repeated !== undefined) {
    throw refused(`The data have two columns "${repeated}"`, "Give each a name of its own, such as by AS");
  }
  if (wanted === undefined) return known;
  if (wanted.length === 0) throw refused("No column is asked for", "Name at least one, or leave columns out");
  const twice = repeatedIn(wanted);
  if (twice !== undefined) throw refused(`Column "${twice}" is asked for twice`, "Name each column once");
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown === undefined) return wanted;
  const meant = nearest(unknown, known);
  throw refused(
    `There is no column "${unknown}" in the data`,
    meant === undefined ? `Name one of ${known.slice(0, 20).join(", ")}` : `Did you mean "${meant}"?`,
  );
}

function repeatedIn(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

function refused(problem: string, action: string): ScanflowError {
  const end = action.endsWith("?") ? "" : ".";
  return new ScanflowError("SCANFLOW_DATA_COLUMN", `${problem}. ${action}${end}`);
}
