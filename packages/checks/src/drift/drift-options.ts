import { ChecksError } from "../errors.ts";
import type { Correction } from "../statistics/adjust-p-values.ts";
import { DRIFT_TESTS, type DriftTest } from "./drift-tests.ts";

/** Settings of `checkDrift`. */
export interface DriftOptions {
  /** The share of false alarms asked for when nothing has changed, between 0 and 1; default 0.05. */
  readonly significance?: number;
  /**
   * The least effect that is worth an alarm, 0 to 100; default 0.1, by convention a tenth of each test's scale. With `ks` the effect is the
   * distance D: at 0.1 there is a value such that the shares of rows at or below it differ by 10 percentage points.
   * With large windows every tiny change is significant; this keeps it from ringing.
   */
  readonly minimumEffect?: number;
  /** The least change of the share of missing values that is worth an alarm, 0 to 1; default 0.05. */
  readonly minimumMissing?: number;
  /** The fewest values a column must have on either side to be judged, 2 or more; default 30. */
  readonly minimumSample?: number;
  /** How the number of columns and slices is paid for; default `benjamini-hochberg`. */
  readonly correction?: Correction;
  /**
   * A column that is constant in the reference says little: `invalid` (the default) asks to leave it out, `compare`
   * compares it like any other, so that it rings when enough other values turn up.
   */
  readonly constantColumns?: "invalid" | "compare";
  /** How columns are compared; default `auto`: `ks` for numbers and times, `chi-square` for texts and booleans. */
  readonly test?: DriftTest | "auto";
  /** How single columns are compared, by their names; `test` for all others. */
  readonly tests?: Readonly<Record<string, DriftTest>>;
  /** Most draws of a p value by simulation, 200 or more; default 1,000. */
  readonly simulations?: number;
  /** Whether slices that both profiles have are judged as well; default true. */
  readonly slices?: boolean;
  /** Of the simulations: a whole number; default 1. */
  readonly seed?: number;
}

/** The options with defaults in place. */
export type DriftSettings = Required<DriftOptions>;

/** @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID when an option is outside its range */
export function completeDriftOptions({
  significance = 0.05,
  minimumEffect = 0.1,
  minimumMissing = 0.05,
  minimumSample = 30,
  correction = "benjamini-hochberg",
  constantColumns = "invalid",
  test = "auto",
  tests = {},
  simulations = 1_000,
  slices = true,
  seed = 1,
}: DriftOptions): DriftSettings {
  need("significance", significance, significance > 0 && significance < 1, "a number between 0 and 1");
  need("minimumEffect", minimumEffect, minimumEffect >= 0 && minimumEffect <= 100, "a number from 0 to 100");
  need("minimumMissing", minimumMissing, minimumMissing >= 0 && minimumMissing <= 1, "a number from 0 to 1");
  const whole = Number.isSafeInteger(minimumSample);
  need("minimumSample", minimumSample, whole && minimumSample >= 2, "a whole number from 2 on");
  const countable = Number.isSafeInteger(simulations) && simulations >= 200 && simulations <= 1_000_000;
  need("simulations", simulations, countable, "a whole number from 200 to 1,000,000");
  need("seed", seed, Number.isSafeInteger(seed), "a whole number");
  const names = Object.keys(DRIFT_TESTS);
  if (test !== "auto") need("test", test, names.includes(test), `"auto" or one of ${names.join(", ")}`);
  for (const chosen of Object.values(tests)) {
    need("tests", chosen, names.includes(chosen), `one of ${names.join(", ")}`);
  }
  return {
    significance,
    minimumEffect,
    minimumMissing,
    minimumSample,
    correction,
    constantColumns,
    test,
    tests,
    simulations,
    slices,
    seed,
  };
}

function need(name: keyof DriftOptions, value: number | string, holds: boolean, wanted: string): void {
  if (holds) return;
  throw new ChecksError(
    "SCANFLOW_CHECK_OPTION_INVALID",
    `checkDrift: "${name}" is ${JSON.stringify(value) ?? value}: give ${wanted}.`,
  );
}
