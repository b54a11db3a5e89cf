import type { ColumnProfile, NumberSummary } from "./column-profile.ts";
import { estimateDistinct, openRegisters } from "./distinct-sketch.ts";
import type { Profile } from "./profile.ts";
import type { SampleColumn } from "./row-sample.ts";

/** The profile of one column, by name. */
export function columnProfile(profile: Profile, name: string): ColumnProfile | undefined {
  return profile.columns.find((column) => column.name === name);
}

/**
 * The finite numbers of one column among the kept rows, in rising order; none for a column of another kind. They are
 * all of the column's when `sample.rows` is as long as `rows`.
 */
export function sampleValues({ sample }: Pick<Profile, "sample">, name: string): Float64Array {
  const column = sample.columns.find((other: SampleColumn) => other.name === name);
  if (column?.kind !== "number" && column?.kind !== "time") return new Float64Array(0);
  return Float64Array.from(column.values.filter((value) => typeof value === "number")).sort();
}

/** How many distinct values a column has. */
export interface DistinctCount {
  readonly count: number;
  /** Standard error as a share of the count: 0 when it is exact. */
  readonly error: number;
}

/** How many distinct finite numbers, texts or booleans there are; null for tensors. */
export function distinctCount(column: ColumnProfile | NumberSummary): DistinctCount | null {
  if ("trues" in column) {
    return { count: Number(column.trues > 0) + Number(column.trues < column.count), error: 0 };
  }
  if ("means" in column) return null;
  const registers = column.distinct === null ? null : openRegisters(column.distinct.registers);
  if (registers !== null) return { count: Math.round(estimateDistinct(registers)), error: 0.0163 };
  const exact = "categories" in column ? column.categories.texts : column.values?.values;
  return { count: exact?.length ?? 0, error: 0 };
}
