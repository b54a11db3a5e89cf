import type { CategoryCounts } from "./category-counts.ts";
import type { DistinctSketch } from "./distinct-sketch.ts";
import type { Distribution } from "./distribution.ts";
import type { Histogram } from "./histogram.ts";
import type { Moments } from "./moments.ts";

interface ProfileOf<Kind extends string> {
  readonly kind: Kind;
  readonly name: string;
  /** Rows without a value. */
  readonly nulls: number;
}

/** The spread of finite numbers. */
export interface NumberSummary extends Distribution {
  /** Finite values; all below is about them alone. */
  readonly count: number;
  /** null when there is no value. */
  readonly min: number | null;
  readonly max: number | null;
  readonly moments: Moments;
  readonly histogram: Histogram;
}

/** A column of numbers. Its rows are `count + nulls + nan + infinite`. */
export interface NumberProfile extends ProfileOf<"number">, NumberSummary {
  readonly nan: number;
  readonly infinite: number;
  /** The source's type is a whole-number type. */
  readonly integer: boolean;
  /** Finite values without a fraction. */
  readonly whole: number;
}

/** A column of moments in milliseconds since 1970 UTC. Its rows are `count + nulls + nan + infinite`. */
export interface TimeProfile extends ProfileOf<"time">, NumberSummary {
  /** Invalid dates. */
  readonly nan: number;
  readonly infinite: number;
}

/** A column of booleans. Its rows are `count + nulls`. */
export interface BooleanProfile extends ProfileOf<"boolean"> {
  readonly count: number;
  readonly trues: number;
}

/** A column of texts. Its rows are `count + nulls`. */
export interface TextProfile extends ProfileOf<"text"> {
  readonly count: number;
  /** Texts of no characters. */
  readonly empty: number;
  /** Texts that are written as a number, such as "12" or "-3e5". */
  readonly numeric: number;
  /** Texts that are written as a date or time of ISO 8601, such as "2024-05-31". */
  readonly temporal: number;
  /** In UTF-16 units, as JavaScript counts; the mean length is `total / count`. */
  readonly lengths: { readonly min: number | null; readonly max: number | null; readonly total: number };
  readonly categories: CategoryCounts;
  /** null while the categories are exact: then their number is the number of distinct texts. */
  readonly distinct: DistinctSketch | null;
}

/** A column of arrays of one shape, such as images. Its rows are `count + nulls`. */
export interface TensorProfile extends ProfileOf<"tensor"> {
  readonly count: number;
  /** null when no row has a value. */
  readonly shape: readonly number[] | null;
  /** Rows that hold a NaN or an infinity. */
  readonly nonFinite: number;
  /** Rows whose finite elements are all without a fraction, such as images of bytes. */
  readonly whole: number;
  /** Of each row's finite elements: their mean, their least, their greatest. */
  readonly means: NumberSummary;
  readonly minima: NumberSummary;
  readonly maxima: NumberSummary;
}

/** One column of a `Profile`. */
export type ColumnProfile = NumberProfile | TimeProfile | BooleanProfile | TextProfile | TensorProfile;
