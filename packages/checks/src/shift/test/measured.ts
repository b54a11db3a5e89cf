/**
 * One thing that is measured of every row.
 *
 * - `values`: numbers whose whole distribution counts, compared by Kolmogorov and Smirnov's D; infinity is a number as
 *   others, so −Infinity may stand for what is missing
 * - `levels`: whole numbers from 0 on, each a category, compared by χ² over its degrees of freedom
 * - `means`: numbers of which only the mean counts, with a variance near 1 in the reference
 */
export interface MeasuredColumn {
  readonly kind: "values" | "levels" | "means";
  /** The columns of the data that it tells of; none of a number that is of the row as a whole. */
  readonly of: readonly string[];
  /** A number per row; none is NaN. */
  readonly numbers: Float64Array;
  /** Of `means`: what a difference of 1 stands for in the unit of the effect; default 1. */
  readonly unit?: number;
}

/** One way of looking at rows. */
export interface MeasuredPart {
  readonly name: string;
  /** What its effect is called. */
  readonly effectName: string;
  /**
   * - `columns`: the largest difference and the sum of all count, each by itself; the effect is the largest
   * - `whole`: its columns mean nothing one by one: only their sum counts, and the effect is D along the
   *   direction in which they differ
   */
  readonly kind: "columns" | "whole";
  /** At least one. */
  readonly columns: readonly MeasuredColumn[];
}

/** What was measured of the rows of a table. */
export interface Measured {
  readonly rows: number;
  readonly parts: readonly MeasuredPart[];
}
