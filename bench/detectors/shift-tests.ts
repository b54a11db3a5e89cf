import { type Measured, type MeasuredColumn, prepareShiftTest } from "@scanflow/checks/shift";
import { ksPValue } from "@scanflow/checks/statistics";
import type { DigitFeatures } from "./digit-features.ts";

const SIGNIFICANCE = 0.05;
/** Up to so many pairs the p values of Bonferroni's are exact; beyond, they follow the limit law. */
const EXACT_PAIRS = 2_000_000;

/** A window is made of rows of one or two sets of images. */
export type Window = readonly { readonly from: DigitFeatures; readonly rows: ArrayLike<number> }[];

export const METHODS = ["softmax, Bonferroni", "softmax, simulated", "combined"] as const;
export type Method = (typeof METHODS)[number];

/** Which methods ring. */
export type Answers = Readonly<Record<Method, boolean>>;

export interface ShiftTests {
  /** Draws windows of one size from the reference; the answer judges windows of that size. */
  calibrate(size: number, draws: number): (window: Window) => Answers;
}

/**
 * - `softmax, Bonferroni`: a Kolmogorov–Smirnov test of each softmax output, each at a tenth of .05 (the best simple
 *   method of Failing Loudly)
 * - `softmax, simulated`: the same largest distance, held against windows drawn from the reference itself
 * - `combined`: the test of the checker `shift`, on the softmax outputs, the predicted classes, the default detector's
 *   views and its latent vector
 */
export function prepareTests(reference: DigitFeatures): ShiftTests {
  const pool = measure([
    { from: reference, rows: Int32Array.from({ length: reference.rows }, (_, row) => row) },
  ]);
  const test = prepareShiftTest(pool);

  function calibrate(rows: number, draws: number): (window: Window) => Answers {
    const judge = test.calibrate({ rows, draws, seed: 17 });
    const method = reference.rows * rows <= EXACT_PAIRS ? "exact" : "asymptotic";
    return (window) => {
      const { pValue, parts } = judge(measure(window));
      const [softmax] = parts;
      if (softmax === undefined) throw new Error("nothing was measured of the softmax outputs");
      const single = ksPValue(softmax.effect, [reference.rows, rows], { method }).pValue;
      return {
        "softmax, Bonferroni": reference.softmax.length * single <= SIGNIFICANCE,
        "softmax, simulated": softmax.largestPValue <= SIGNIFICANCE,
        combined: pValue <= SIGNIFICANCE,
      };
    };
  }

  return { calibrate };
}

function measure(window: Window): Measured {
  const rows = window.reduce((sum, part) => sum + part.rows.length, 0);
  const column = (kind: MeasuredColumn["kind"], read: (features: DigitFeatures) => ArrayLike<number>) => {
    const numbers = new Float64Array(rows);
    let to = 0;
    for (const { from, rows: chosen } of window) {
      const source = read(from);
      for (let at = 0; at < chosen.length; at += 1) numbers[to++] = source[chosen[at] as number] as number;
    }
    return { kind, of: [], numbers };
  };
  const part = (name: string, columns: readonly MeasuredColumn[]) =>
    ({ name, effectName: "D", kind: "columns", columns }) as const;
  const all = (group: "softmax" | "views" | "latent") =>
    (window[0]?.from[group] ?? []).map((_, at) => column("values", (features) => features[group][at] ?? []));
  const parts = [
    part("softmax", all("softmax")),
    part("classes", [column("levels", ({ predicted }) => predicted)]),
    part("views", all("views")),
    part("latent", all("latent")),
  ];
  return { rows, parts };
}
