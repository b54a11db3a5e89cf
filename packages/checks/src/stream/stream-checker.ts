import type { Column } from "../batch/column.ts";
import { isValid } from "../batch/validity.ts";
import type { Checker, Dataset } from "../checker/checker.ts";
import { checkerParams } from "../checker/checker-params.ts";
import type { JsonObject } from "../json/json.ts";
import { invalidVerdict } from "../verdict/invalid-verdict.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { streamDetector } from "./built-in-detectors.ts";
import type { StreamDetector } from "./stream-detector.ts";

const ACTION =
  'Give {"detector": "adwin", "column": "price"}, and the detector\'s own settings as "options".';

/**
 * Plays the rows of a window, in their order, to a stream detector: rings where one column is no longer what it was
 * before. For a file that is a stream, such as a log; it needs no reference. Params: `detector`, `column`, `options`.
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID naming the param
 */
export const streamDetectorChecker: Checker = async (window, _reference, context): Promise<Verdict> => {
  const params = checkerParams(context, ACTION);
  const name = params.needText("detector");
  const column = params.needText("column");
  const options = params.read.object(params.given("options") ?? {}, "options");
  params.refuseOthers();
  const detector = streamDetector(name, options);
  if (window.batches === null) {
    return invalid(
      column,
      "Only a profile of the data was kept, and a detector reads rows in their order. Give the data.",
    );
  }
  const found = await play(window.batches, column, detector);
  if (typeof found === "string") return invalid(column, found);
  const { alarms, warnings, values } = found;
  const evidence: JsonObject = {
    detector: name,
    values,
    alarms: alarms.length,
    warnings,
    rows: alarms.slice(0, 100),
  };
  if (alarms.length === 0) {
    const message = `${name} found no change of "${column}" in ${values} values.`;
    return { status: "ok", kind: "drift", message, columns: [], evidence: { [column]: evidence } };
  }
  return {
    status: "alarm",
    kind: "drift",
    message: `"${column}" is no longer what it was from row ${alarms[0]} on, says ${name}${alarms.length > 1 ? ` (and ${alarms.length - 1} more times)` : ""}. See what has changed in its source there.`,
    columns: [column],
    evidence: { [column]: evidence },
  };
};

interface Found {
  /** Rows, from 1. */
  readonly alarms: number[];
  warnings: number;
  values: number;
}

/** What the detector found; a text when the column cannot be played to it. */
async function play(
  batches: NonNullable<Dataset["batches"]>,
  name: string,
  detector: StreamDetector,
): Promise<Found | string> {
  const found: Found = { alarms: [], warnings: 0, values: 0 };
  let row = 0;
  for await (const batch of batches()) {
    const column = batch.columns.find((one) => one.name === name);
    if (column === undefined)
      return `There is no such column. There are ${batch.columns.map((one) => one.name).join(", ")}.`;
    const values = numbersOf(column);
    if (values === null)
      return `It is a column of kind ${column.kind}. Name one of numbers, or of true and false.`;
    for (let at = 0; at < batch.rows; at += 1) {
      row += 1;
      if (!isValid(column.validity, at)) continue;
      const value = values[at] as number;
      try {
        const status = detector.update(value);
        if (status === "alarm") found.alarms.push(row);
        if (status === "warning") found.warnings += 1;
      } catch (error) {
        return `Row ${row}: ${error instanceof Error ? error.message : String(error)}`;
      }
      found.values += 1;
    }
  }
  return found.values === 0 ? "It has no values. Give rows in which it is there." : found;
}

function numbersOf(column: Column): ArrayLike<number> | null {
  return column.kind === "number" || column.kind === "boolean" ? column.values : null;
}

function invalid(column: string, problem: string): Verdict {
  return invalidVerdict("drift", `"${column}" cannot be watched: ${problem}`, column);
}
