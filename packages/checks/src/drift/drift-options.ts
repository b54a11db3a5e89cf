import { ChecksError } from "../errors.ts";
import type { Correction } from "../statistics/adjust-p-values.ts";

/** Settings of `checkDrift`. */
export interface DriftOptions {
  /** The share of false alarms asked for when nothing has changed, between 0 and 1; default 0.05. */
  readonly significance?: number;
  /**
   * The least effect that is worth an alarm, 0 to 1; default 0.1. The effect is the Kolmogorov–Smirnov distance D:
   * at 0.1 there is a value such that the shares of rows at or below it differ by 10 percentage points. With large
   * windows every tiny change is significant; this keeps it from ringing.
   */
  readonly minimumEffect?: number;
  /** The fewest values a column must have on either side to be judged, 2 or more; default 30. */
  readonly minimumSample?: number;
  /** How the number of columns is paid for; default `benjamini-hochberg`. */
  readonly correction?: Correction;
  /**
   * A column that is constant in the reference says little: `invalid` (the default) asks to leave it out, `compare`
   * compares it like any other, so that it rings when enough other values turn up.
   */
  readonly constantColumns?: "invalid" | "compare";
}

export function completeDriftOptions({
  significance = 0.05,
  minimumEffect = 0.1,
  minimumSample = 30,
  correction = "benjamini-hochberg",
  constantColumns = "invalid",
}: DriftOptions): Required<DriftOptions> {
  need("significance", significance, significance > 0 && significance < 1, "a number between 0 and 1");
  need("minimumEffect", minimumEffect, minimumEffect >= 0 && minimumEffect <= 1, "a number from 0 to 1");
  const whole = Number.isSafeInteger(minimumSample);
  need("minimumSample", minimumSample, whole && minimumSample >= 2, "a whole number from 2 on");
  return { significance, minimumEffect, minimumSample, correction, constantColumns };
}

function need(name: keyof DriftOptions, value: number, holds: boolean, wanted: string): void {
  if (holds) return;
  throw new ChecksError(
    "SCANFLOW_CHECK_OPTION_INVALID",
    `checkDrift: "${name}" is ${value}: give ${wanted}.`,
  );
}
