import type { ColumnProfile, NumberProfile, TimeProfile } from "../profile/column-profile.ts";
import type { DriftOptions } from "./drift-options.ts";
import type { NumericColumn } from "./numeric-columns.ts";
import { scanColumn } from "./scan-column.ts";

/** Why a column could not be judged. */
export type DriftProblem =
  | "unseen-column"
  | "missing-column"
  | "wrong-type"
  | "length-mismatch"
  | "empty"
  | "all-missing"
  | "too-few"
  | "infinite"
  | "reference-wrong-type"
  | "reference-empty"
  | "reference-all-missing"
  | "reference-too-few"
  | "reference-infinite"
  | "reference-constant";

/** One column of the comparison, with whatever stands in the way of judging it. */
export interface Comparison {
  readonly reference: NumberProfile | TimeProfile | undefined;
  /** The window's values that are there. */
  readonly values: Float64Array;
  readonly problem: { readonly code: DriftProblem; readonly message: string } | null;
}

/** @param rows how many rows the window has */
export function compareColumn(
  profile: ColumnProfile | undefined,
  column: NumericColumn | undefined,
  { rows, minimumSample, constantColumns }: Required<DriftOptions> & { rows: number },
): Comparison {
  const reference = profile?.kind === "number" || profile?.kind === "time" ? profile : undefined;
  const { finite: values, infinite, wrong } = scanColumn(column ?? []);
  const found = (code: DriftProblem, message: string) => ({ reference, values, problem: { code, message } });

  if (profile === undefined) {
    return found(
      "unseen-column",
      "it is not in the reference: leave it out of the window, or make the profile again with it",
    );
  }
  if (column === undefined) {
    return found(
      "missing-column",
      "it is in the reference but not in the window: mend what fills the window, or make the profile without it",
    );
  }
  if (reference === undefined) {
    return found(
      "reference-wrong-type",
      `it holds ${profile.kind}s in the reference, which are not compared: leave it out of both`,
    );
  }
  if (wrong !== null) {
    return found(
      "wrong-type",
      `row ${wrong.row} holds ${JSON.stringify(wrong.value)}, not a number: convert it, or leave the column out`,
    );
  }
  if (column.length !== rows) {
    return found(
      "length-mismatch",
      `it has ${column.length} rows, the first column ${rows}: give columns of one window, null where a value is missing`,
    );
  }
  if (reference.infinite > 0) {
    return found(
      "reference-infinite",
      `${reference.infinite} values of the reference are infinite: mend them and make the profile again`,
    );
  }
  if (reference.count < minimumSample) {
    return tooFewInReference(reference, minimumSample, found);
  }
  if (reference.min === reference.max && constantColumns === "invalid") {
    return found(
      "reference-constant",
      `it is always ${reference.min} in the reference: leave it out, or set constantColumns to "compare"`,
    );
  }
  if (infinite > 0) {
    return found(
      "infinite",
      `${infinite} values of the window are infinite: mend them, or make them missing`,
    );
  }
  if (values.length < minimumSample) return tooFewInWindow(values.length, rows, minimumSample, found);
  return { reference, values, problem: null };
}

type Found = (code: DriftProblem, message: string) => Comparison;

function tooFewInReference(
  { count, nulls, nan }: NumberProfile | TimeProfile,
  least: number,
  found: Found,
): Comparison {
  const missing = nulls + nan;
  const action = `make the profile from at least ${least} values`;
  if (count + missing === 0) return found("reference-empty", `the reference is empty: ${action}`);
  if (count === 0) {
    return found("reference-all-missing", `all ${missing} values of the reference are missing: ${action}`);
  }
  return found("reference-too-few", `the reference has only ${count} values of it: ${action}`);
}

function tooFewInWindow(count: number, rows: number, least: number, found: Found): Comparison {
  if (rows === 0) return found("empty", "the window is empty: see whether its source still delivers");
  if (count === 0) {
    return found("all-missing", `all ${rows} values of the window are missing: see what fills the column`);
  }
  return found("too-few", `the window has only ${count} values of it: gather at least ${least}`);
}
