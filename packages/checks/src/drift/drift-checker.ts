import type { Checker } from "../checker/checker.ts";
import type { JsonObject } from "../json/json.ts";
import { createJsonReader } from "../json/json-reader.ts";
import type { Correction } from "../statistics/adjust-p-values.ts";
import { invalidVerdict } from "../verdict/invalid-verdict.ts";
import { checkDrift } from "./check-drift.ts";
import type { DriftOptions } from "./drift-options.ts";
import { DRIFT_TESTS, type DriftTest } from "./drift-tests.ts";
import type { DriftVerdict } from "./drift-verdict.ts";

const read = createJsonReader(
  "SCANFLOW_CHECK_OPTION_INVALID",
  "Params of drift",
  "Correct it, or leave it out for the default.",
);
const CORRECTIONS: readonly Correction[] = ["benjamini-hochberg", "holm", "bonferroni"];
const TESTS = Object.keys(DRIFT_TESTS) as DriftTest[];

/**
 * `checkDrift` over the profiles of both sides. Params: `DriftOptions`. The built-in "drift" adds what changed, in words and
 * pictures.
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID naming the param
 */
export const driftChecker: Checker = async (window, reference, { params }): Promise<DriftVerdict> => {
  const options = readOptions(params);
  if (reference === null) {
    return invalidVerdict(
      "drift",
      "There is no reference to compare with. Give one: data, or a saved profile.",
    );
  }
  const known = await reference.profile();
  return checkDrift(known, await window.profile(known), options);
};

const KNOWN: Readonly<Record<keyof DriftOptions, (value: unknown, path: string) => unknown>> = {
  significance: read.finite,
  minimumEffect: read.finite,
  minimumMissing: read.finite,
  minimumSample: read.whole,
  correction: (value, path) => read.oneOf(CORRECTIONS, value, path),
  constantColumns: (value, path) => read.oneOf(["invalid", "compare"], value, path),
  test: (value, path) => read.oneOf(["auto", ...TESTS], value, path),
  tests: (value, path) =>
    Object.fromEntries(
      Object.entries(read.object(value, path)).map(([name, test]) => [
        name,
        read.oneOf(TESTS, test, `${path}.${name}`),
      ]),
    ),
  simulations: read.whole,
  slices: read.boolean,
  seed: read.finite,
};

function readOptions(params: JsonObject): DriftOptions {
  const entries = Object.entries(params).map(([name, value]) => {
    if (!Object.hasOwn(KNOWN, name))
      read.fail(name, value, `a param of drift (${Object.keys(KNOWN).join(", ")})`);
    return [name, KNOWN[name as keyof DriftOptions](value, name)];
  });
  return Object.fromEntries(entries) as DriftOptions;
}
