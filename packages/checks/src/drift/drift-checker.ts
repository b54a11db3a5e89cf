import type { CheckContext, Checker } from "../checker/checker.ts";
import { checkerParams } from "../checker/checker-params.ts";
import type { JsonReader } from "../json/json-reader.ts";
import type { Correction } from "../statistics/adjust-p-values.ts";
import { invalidVerdict } from "../verdict/invalid-verdict.ts";
import { checkDrift } from "./check-drift.ts";
import type { DriftOptions } from "./drift-options.ts";
import { DRIFT_TESTS, type DriftTest } from "./drift-tests.ts";
import type { DriftVerdict } from "./drift-verdict.ts";

const CORRECTIONS: readonly Correction[] = ["benjamini-hochberg", "holm", "bonferroni"];
const TESTS = Object.keys(DRIFT_TESTS) as DriftTest[];

/**
 * `checkDrift` over the profiles of both sides. Params: `DriftOptions`. The built-in "drift" adds what changed, in words and
 * pictures.
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID naming the param
 */
export const driftChecker: Checker = async (window, reference, context): Promise<DriftVerdict> => {
  const options = readOptions(context);
  if (reference === null) {
    return invalidVerdict(
      "drift",
      "There is no reference to compare with. Give one: data, or a saved profile.",
    );
  }
  const known = await reference.profile();
  return checkDrift(known, await window.profile(known), options);
};

/** Of which kind each option is: its range is seen to by `checkDrift`. */
function readers(
  read: JsonReader,
): Readonly<Record<keyof DriftOptions, (value: unknown, path: string) => unknown>> {
  const testOf = (value: unknown, path: string) => read.oneOf(TESTS, value, path);
  return {
    significance: read.finite,
    minimumEffect: read.finite,
    minimumMissing: read.finite,
    minimumSample: read.whole,
    correction: (value, path) => read.oneOf(CORRECTIONS, value, path),
    constantColumns: (value, path) => read.oneOf(["invalid", "compare"], value, path),
    test: (value, path) => read.oneOf(["auto", ...TESTS], value, path),
    tests: (value, path) => {
      const named = Object.entries(read.object(value, path));
      return Object.fromEntries(named.map(([name, test]) => [name, testOf(test, `${path}.${name}`)]));
    },
    simulations: read.whole,
    slices: read.boolean,
    seed: read.finite,
  };
}

function readOptions(context: CheckContext): DriftOptions {
  const { read, given, refuseOthers } = checkerParams(
    context,
    "Correct it, or leave it out for the default.",
  );
  const options: Record<string, unknown> = {};
  for (const [name, reader] of Object.entries(readers(read))) {
    const value = given(name);
    if (value !== undefined) options[name] = reader(value, name);
  }
  refuseOthers();
  return options as DriftOptions;
}
