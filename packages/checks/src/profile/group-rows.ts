import type { Column, ColumnKind } from "../batch/column.ts";
import { isValid } from "../batch/validity.ts";
import { shortenText } from "./text-form.ts";
import { unfitting } from "./unfitting-column.ts";

/** What divides the rows: a text, a number, a boolean, or the beginning of a bucket in milliseconds. */
export type SegmentValue = string | number | boolean;

/** The segment of a row: the place of its value, or one of these two. */
export const MISSING = -1;
export const OTHER = -2;

/** Whether a column of this kind can divide rows: by time when `bucketMs` is given, else by its values. */
export function canDivide(kind: ColumnKind, bucketMs: number | null): boolean {
  return bucketMs === null ? kind !== "tensor" : kind === "time" || kind === "number";
}

/** The rows of one batch by segment. */
export interface Grouping {
  /** The distinct values that there are, but for those beyond the ceiling. */
  readonly values: readonly SegmentValue[];
  /** Of each row the place of its value, MISSING, or OTHER for one beyond the ceiling. */
  readonly groups: Int32Array;
}

/** How rows are grouped. */
export interface GroupOptions {
  /** Of buckets of time; null groups by the values themselves. */
  readonly bucketMs: number | null;
  /** The greatest value of interest; null when there is none. */
  readonly ceiling: SegmentValue | null;
}

export function groupRows(column: Column, rows: number, { bucketMs, ceiling }: GroupOptions): Grouping {
  const values: SegmentValue[] = [];
  const places = new Map<SegmentValue, number>();

  function placeOf(value: SegmentValue): number {
    if (ceiling !== null && value > ceiling) return OTHER;
    const known = places.get(value);
    if (known !== undefined) return known;
    places.set(value, values.length);
    return values.push(value) - 1;
  }

  const groups = new Int32Array(rows).fill(MISSING);
  const valueAt = readerOf(column, bucketMs, placeOf);
  for (let row = 0; row < rows; row += 1) {
    if (isValid(column.validity, row)) groups[row] = valueAt(row);
  }
  return { values, groups };
}

function readerOf(
  column: Column,
  bucketMs: number | null,
  placeOf: (value: SegmentValue) => number,
): (row: number) => number {
  const { kind, name } = column;
  if (!canDivide(kind, bucketMs)) {
    const [by, fit] =
      bucketMs === null
        ? ["", "texts, numbers, booleans or times"]
        : [" by time", "times, or numbers of milliseconds"];
    throw unfitting(
      `Column "${name}" cannot divide the rows${by}, since it holds ${kind}s`,
      `Name a column of ${fit}.`,
    );
  }
  switch (kind) {
    case "number":
    case "time": {
      const { values } = column;
      return (row) => {
        const value = values[row] as number;
        if (!Number.isFinite(value)) return MISSING;
        return placeOf((bucketMs === null ? value : Math.floor(value / bucketMs) * bucketMs) + 0);
      };
    }
    case "boolean":
      return (row) => placeOf(column.values[row] === 1);
    case "text": {
      const known = new Map<number, number>();
      return (row) => {
        const code = column.codes[row] as number;
        const place = known.get(code) ?? placeOf(shortenText(column.dictionary[code] as string));
        known.set(code, place);
        return place;
      };
    }
    case "tensor":
      return () => MISSING;
  }
}

/** Rows in the order of their groups. */
export interface GroupedRows {
  readonly order: Int32Array;
  /** Where each group begins in `order`, and at last where the last one ends. */
  readonly starts: Int32Array;
}

/** A counting sort by group; rows of no group are left out. */
export function orderByGroup(groups: Int32Array, count: number): GroupedRows {
  const starts = new Int32Array(count + 1);
  for (const group of groups) if (group >= 0) (starts[group + 1] as number) += 1;
  for (let place = 1; place <= count; place += 1) (starts[place] as number) += starts[place - 1] as number;
  const next = starts.slice();
  const order = new Int32Array(starts[count] as number);
  for (let row = 0; row < groups.length; row += 1) {
    const group = groups[row] as number;
    if (group < 0) continue;
    order[next[group] as number] = row;
    (next[group] as number) += 1;
  }
  return { order, starts };
}
