import type { Column } from "../batch/column.ts";
import type { ColumnProfile } from "./column-profile.ts";
import { copyFinite } from "./finite-values.ts";
import { fairCuts } from "./histogram.ts";
import { scanTensors } from "./summarise-tensors.ts";

/** Some rows of one column. */
export interface ColumnPart {
  readonly column: Column;
  readonly rows: number;
}

/** Cuts that divide these rows evenly: one list for numbers and times, three for tensors, none for others. */
export function chooseCuts(parts: readonly ColumnPart[], bins: number): number[][] {
  const lists: Float64Array[][] = [];
  for (const { column, rows } of parts) {
    for (const [place, values] of numbersOf(column, rows).entries()) {
      lists[place] ??= [];
      lists[place].push(values);
    }
  }
  return lists.map((list) => fairCuts(joined(list).sort(), bins));
}

function numbersOf(column: Column, rows: number): Float64Array[] {
  if (column.kind === "number" || column.kind === "time") {
    const target = new Float64Array(rows);
    const { count } = copyFinite(column, target, [0, rows]);
    return [target.subarray(0, count)];
  }
  if (column.kind !== "tensor") return [];
  const { means, minima, maxima, count } = scanTensors(column, rows);
  return [means, minima, maxima].map((values) => values.subarray(0, count));
}

function joined(list: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(list.reduce((sum, values) => sum + values.length, 0));
  let at = 0;
  for (const values of list) {
    all.set(values, at);
    at += values.length;
  }
  return all;
}

/** The cuts that a profile was counted by, as `chooseCuts` gives them. */
export function cutsOf(profile: ColumnProfile): (readonly number[])[] {
  if (profile.kind === "number" || profile.kind === "time") return [profile.histogram.cuts];
  if (profile.kind !== "tensor") return [];
  return [profile.means, profile.minima, profile.maxima].map(({ histogram }) => histogram.cuts);
}
