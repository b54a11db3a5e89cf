/**
 * The values of one column by row. `null`, `undefined` and NaN all count as missing: a plain array of numbers has
 * no other way to say it.
 */
export type NumericColumn = ArrayLike<number | null>;

/** Columns of one table by name, all of one length. */
export type NumericColumns = Readonly<Record<string, NumericColumn>>;

/** What is kept of a reference table, so that later windows can be judged without the table. Plain JSON data. */
export interface Profile {
  readonly format: "scanflow-profile";
  readonly version: 1;
  /** The seed of the reservoirs. */
  readonly seed: number;
  readonly columns: Readonly<Record<string, ColumnProfile>>;
}

/** One column of a `Profile`. The number of rows is `count + nulls + infinite`. */
export interface ColumnProfile {
  /** Finite values. All else below is about them alone. */
  readonly count: number;
  readonly nulls: number;
  readonly infinite: number;
  /** null when there is no value. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** Sample standard deviation (divisor n - 1); null below two values. */
  readonly sd: number | null;
  readonly sample: Reservoir;
  readonly histogram: Histogram;
}

/** A uniform random sample without replacement; every value, when there are no more than `limit`. */
export interface Reservoir {
  readonly limit: number;
  /** In rising order. */
  readonly values: readonly number[];
}

/**
 * Counts in bins that are frozen once chosen, so that later windows can be counted in the same ones. Bin i holds
 * the values x with `cuts[i-1] ≤ x < cuts[i]`; the first and the last bin are open to the outside, so every value
 * falls into one of the `cuts.length + 1` bins.
 */
export interface Histogram {
  /** Strictly rising. */
  readonly cuts: readonly number[];
  readonly counts: readonly number[];
}
