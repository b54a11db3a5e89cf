import type { Checker, Dataset } from "../checker/checker.ts";
import type { JsonObject } from "../json/json.ts";
import { createJsonReader } from "../json/json-reader.ts";
import type { Profile } from "../profile/profile.ts";
import { sampleBatch } from "../profile/sample-columns.ts";
import type { Correction } from "../statistics/adjust-p-values.ts";
import { checkDrift } from "./check-drift.ts";
import type { DriftOptions } from "./drift-options.ts";
import type { NumericColumns } from "./numeric-columns.ts";

const read = createJsonReader(
  "SCANFLOW_CHECK_OPTION_INVALID",
  "Params of drift",
  "Correct it, or leave it out for the default.",
);
const CORRECTIONS: readonly Correction[] = ["benjamini-hochberg", "holm", "bonferroni"];

/**
 * `checkDrift` over the columns of numbers and times, by the rows that their profiles keep. Params: `DriftOptions`.
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID naming the param
 */
export const driftChecker: Checker = async (window, reference, { params }) => {
  const options = readOptions(params);
  if (reference === null) {
    return {
      status: "invalid",
      kind: "drift",
      message: "There is no reference to compare with. Give one: data, or a saved profile.",
      columns: [],
      evidence: {},
    };
  }
  const known = await reference.profile();
  const columns = known.columns.filter(({ kind }) => kind === "number" || kind === "time");
  return checkDrift({ ...known, columns }, await numbersOf(window, known), options);
};

async function numbersOf(window: Dataset, known: Profile): Promise<NumericColumns> {
  const { columns } = sampleBatch(await window.profile(known));
  return Object.fromEntries(
    columns.flatMap((column): [string, Float64Array][] =>
      column.kind === "number" || column.kind === "time" ? [[column.name, column.values]] : [],
    ),
  );
}

function readOptions(params: JsonObject): DriftOptions {
  const { significance, minimumEffect, minimumSample, correction, constantColumns } = params;
  return {
    ...(significance !== undefined && { significance: read.finite(significance, "significance") }),
    ...(minimumEffect !== undefined && { minimumEffect: read.finite(minimumEffect, "minimumEffect") }),
    ...(minimumSample !== undefined && { minimumSample: read.whole(minimumSample, "minimumSample") }),
    ...(correction !== undefined && { correction: oneOf(CORRECTIONS, correction, "correction") }),
    ...(constantColumns !== undefined && {
      constantColumns: oneOf(["invalid", "compare"] as const, constantColumns, "constantColumns"),
    }),
  };
}

function oneOf<const Value extends string>(known: readonly Value[], value: unknown, path: string): Value {
  return known.find((each) => each === value) ?? read.fail(path, value, `one of ${known.join(", ")}`);
}
