import type { Validity } from "./validity.ts";

interface ColumnOf<Kind extends string> {
  readonly kind: Kind;
  readonly name: string;
  /** Which rows have a value; null when all have. Missing is not NaN: NaN is a value like others. */
  readonly validity: Validity | null;
}

/** Numbers; where a row is missing the slot holds NaN. */
export interface NumberColumn extends ColumnOf<"number"> {
  readonly values: Float64Array;
  /** The source's type is a whole-number type (an SQL integer, a JSON column without fractions). */
  readonly integer: boolean;
}

/** Moments, in milliseconds since 1970-01-01 UTC; where a row is missing the slot holds NaN. */
export interface TimeColumn extends ColumnOf<"time"> {
  readonly values: Float64Array;
}

/** 1 for true, 0 for false or missing. */
export interface BooleanColumn extends ColumnOf<"boolean"> {
  readonly values: Uint8Array;
}

/** Texts, each distinct one once; where a row is missing its code is 0 or any other: ask the validity. */
export interface TextColumn extends ColumnOf<"text"> {
  /** Distinct, in no given order; another batch of the same data may have other ones. */
  readonly dictionary: readonly string[];
  /** Per row, an index into the dictionary. */
  readonly codes: Int32Array;
}

/** One array of equal shape per row, such as an image. */
export interface TensorColumn extends ColumnOf<"tensor"> {
  /** Of one row, such as [28, 28]; row-major. */
  readonly shape: readonly number[];
  /** All rows, one after the other: rows × the product of the shape. */
  readonly values: Float32Array;
}

/** One named, typed column of a `ColumnBatch`. */
export type Column = NumberColumn | TimeColumn | BooleanColumn | TextColumn | TensorColumn;

/** What a column holds. */
export type ColumnKind = Column["kind"];
