import type { ColumnProfile } from "../profile/column-profile.ts";
import type { SegmentColumn } from "../profile/segmentation.ts";
import type { DriftSettings } from "./drift-options.ts";

/** Why a column could not be judged. */
export type DriftProblem =
  | "unseen-column"
  | "missing-column"
  | "wrong-type"
  | "wrong-test"
  | "length-mismatch"
  | "empty"
  | "all-missing"
  | "too-few"
  | "infinite"
  | "reference-empty"
  | "reference-all-missing"
  | "reference-too-few"
  | "reference-infinite"
  | "reference-constant";

/** What stands in the way of judging a column, and what to do. */
export interface Obstacle {
  readonly code: DriftProblem;
  readonly message: string;
}

/** A column of either side: how many values are there, and how many are not. */
export interface Presence {
  readonly count: number;
  readonly missing: number;
  readonly infinite: number;
}

export function presenceOf(column: ColumnProfile | SegmentColumn): Presence {
  if (column.kind === "tensor" && "means" in column) {
    // A row without a single finite element has no mean to compare.
    const { count } = column.means;
    return { count, missing: column.nulls, infinite: column.count - count };
  }
  const numeric = column.kind === "number" || column.kind === "time";
  return {
    count: column.count,
    missing: column.nulls + (numeric ? column.nan : 0),
    infinite: numeric ? column.infinite : 0,
  };
}

/** The first obstacle of a column that both sides have, or null. */
export function findObstacle(
  reference: ColumnProfile,
  current: ColumnProfile,
  { minimumSample, constantColumns }: Pick<DriftSettings, "minimumSample" | "constantColumns">,
): Obstacle | null {
  const before = presenceOf(reference);
  const now = presenceOf(current);
  if (before.infinite > 0) {
    return {
      code: "reference-infinite",
      message: `${notFinite(before.infinite, "reference", reference)}: mend them and make the profile again`,
    };
  }
  if (before.count < minimumSample) return tooFewInReference(before, minimumSample);
  if (now.count > 0 && current.kind !== reference.kind) {
    return {
      code: "wrong-type",
      message: `it holds ${current.kind}s, in the reference ${reference.kind}s: convert it, or leave the column out`,
    };
  }
  const constant = constantOf(reference);
  if (constant !== null && constantColumns === "invalid") {
    return {
      code: "reference-constant",
      message: `it is always ${constant} in the reference: leave it out, or set constantColumns to "compare"`,
    };
  }
  if (now.infinite > 0) {
    return {
      code: "infinite",
      message: `${notFinite(now.infinite, "window", current)}: mend them, or make them missing`,
    };
  }
  return now.count < minimumSample ? tooFewInWindow(now, minimumSample) : null;
}

function notFinite(count: number, side: string, { kind }: ColumnProfile): string {
  const one = count === 1;
  const found =
    kind === "tensor" ? `${one ? "has" : "have"} no finite element` : `${one ? "is" : "are"} infinite`;
  return `${count} value${one ? "" : "s"} of the ${side} ${found}`;
}

/** The only value that a column has; null when there are several. */
function constantOf(column: ColumnProfile): string | null {
  switch (column.kind) {
    case "number":
    case "time":
      return column.min === column.max ? `${column.min}` : null;
    case "boolean":
      return column.trues === 0 ? "false" : column.trues === column.count ? "true" : null;
    case "text":
      return column.categories.counts[0] === column.count ? JSON.stringify(column.categories.texts[0]) : null;
    case "tensor":
      return column.means.min === column.means.max ? `of mean ${column.means.min}` : null;
  }
}

function tooFewInReference({ count, missing }: Presence, least: number): Obstacle {
  const action = `make the profile from at least ${least} values`;
  if (count + missing === 0) {
    return { code: "reference-empty", message: `the reference is empty: ${action}` };
  }
  if (count === 0) {
    return {
      code: "reference-all-missing",
      message: `all ${missing} values of the reference are missing: ${action}`,
    };
  }
  return { code: "reference-too-few", message: `the reference has only ${count} values of it: ${action}` };
}

function tooFewInWindow({ count, missing }: Presence, least: number): Obstacle {
  if (count + missing === 0) {
    return { code: "empty", message: "the window is empty: see whether its source still delivers" };
  }
  if (count === 0) {
    return {
      code: "all-missing",
      message: `all ${missing} values of the window are missing: see what fills the column`,
    };
  }
  return { code: "too-few", message: `the window has only ${count} values of it: gather at least ${least}` };
}
