import type { Column } from "../../batch/column.ts";
import type { MeasuredColumn } from "../test/measured.ts";

/** How a column of a table is measured, as it was learnt from the reference. Every array has a number per row. */
export interface TableColumn {
  readonly name: string;
  /** The column by itself. */
  measure(column: Column, rows: number): MeasuredColumn;
  /** What goes together is a mean of products of two of them. */
  features(column: Column, rows: number): readonly Feature[];
  /** For distances between rows: another value moves a row about as far in every column. */
  places(column: Column, rows: number): readonly Float64Array[];
}

/** Numbers with mean 0 and variance 1 in the reference, 0 where one says nothing. */
export interface Feature {
  readonly numbers: Float64Array;
  /** The share of the reference's rows that are in its rarer half. */
  readonly share: number;
}

/** What brings numbers to mean 0 and variance 1; a spread of 0 says that they do not vary. */
export interface Scale {
  readonly mean: number;
  readonly spread: number;
}

export function scaleOf(numbers: Float64Array): Scale {
  const mean = numbers.reduce((sum, value) => sum + value, 0) / Math.max(1, numbers.length);
  const variance = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, numbers.length);
  return { mean, spread: variance < 1e-12 ? 0 : Math.sqrt(variance) };
}

/** Where something is so, as a feature. @param share of the reference's rows in which it is so */
export function flagFeature(share: number, isSo: (row: number) => boolean, rows: number): Feature[] {
  if (share <= 0 || share >= 1) return [];
  const spread = Math.sqrt(share * (1 - share));
  const numbers = Float64Array.from({ length: rows }, (_, row) => (Number(isSo(row)) - share) / spread);
  return [{ numbers, share: Math.min(share, 1 - share) }];
}
