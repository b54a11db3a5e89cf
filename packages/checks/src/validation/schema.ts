import type { VerdictStatus } from "../verdict/verdict.ts";

/** What the values of a column are. `integer` is a number without fractions; `tensor` an array such as an image. */
export type SchemaType = "number" | "integer" | "boolean" | "text" | "time" | "tensor";

/**
 * What one column must be like. Whatever is left out is not looked at. A share (`missing`, `outside`, …) is the
 * greatest share of rows in the source: a window breaks it when it holds more such rows than that share brings about
 * by chance, so a small window is not accused for a single row. A share of 0 is strict: not one row.
 */
export interface ColumnSchema {
  readonly type: SchemaType;
  /** Whether the column has to be there; default true. */
  readonly required?: boolean;
  /** What a broken rule of this column is: default `alarm`, and `warning` for what is odd rather than wrong. */
  readonly severity?: "alarm" | "warning";
  /** Greatest share of rows without a value; an empty text is one. */
  readonly missing?: number;
  /** Least and greatest value (of a tensor: of its elements). */
  readonly range?: readonly [least: number, greatest: number];
  /** Greatest share of values outside of `range`; default 0. */
  readonly outside?: number;
  /** Farther out than this there may be no value at all. */
  readonly limits?: readonly [least: number, greatest: number];
  /** Greatest share of values that are NaN or infinite; for a tensor, of rows that hold one. */
  readonly nonFinite?: number;
  /** Greatest share of values farther than `k` standard deviations from the mean. */
  readonly beyond?: {
    readonly mean: number;
    readonly sd: number;
    readonly k: number;
    readonly share: number;
  };
  /** The texts there may be. */
  readonly values?: readonly string[];
  /** Greatest share of texts that are not in `values`; default 0. */
  readonly others?: number;
  /** How texts are written: a known form (`email`, `date`, `time`, `uuid`, `url`, `integer`, `number`), or an expression. */
  readonly pattern?: string;
  /** Greatest share of texts that are not written so; default 0. */
  readonly unmatched?: number;
  /** Fewest and most characters. */
  readonly length?: readonly [fewest: number, most: number];
  /** Greatest share of texts of another length; default 0. */
  readonly lengthOutside?: number;
  /** Greatest share of texts that are written as numbers: more of them, and two kinds of data are mixed. */
  readonly numeric?: number;
  /** The share of the commonest value: a column that has only one value, longer than this explains, is stuck. */
  readonly commonest?: number;
  /** Of one row of a tensor. */
  readonly shape?: readonly number[];
  /** What the elements of a tensor are: `integer` has no fractions, such as images of bytes. */
  readonly elements?: "integer" | "number";
  /** Least that the greatest element of a row may be: blank images lie below it, and those that were scaled down. */
  readonly peak?: number;
  /** Greatest share of rows that lie below `peak`; default 0. */
  readonly belowPeak?: number;
}

/** Two columns of numbers whose rank correlation stays within a range. */
export interface CorrelationSchema {
  readonly columns: readonly [string, string];
  readonly range: readonly [least: number, greatest: number];
}

/** Columns that together tell every row apart. */
export interface KeySchema {
  readonly columns: readonly string[];
  /** Greatest share of rows that repeat an earlier row's key; default 0. */
  readonly repeats?: number;
}

/** What a table must be like: inferred from data with `inferSchema`, edited as a file, enforced by `validate`. */
export interface Schema {
  readonly format: "scanflow-schema";
  readonly version: 1;
  /** How many rows it was inferred from; duplicates are expected in proportion to the size of a table. */
  readonly rows: number;
  /** The chance that a window of the same source breaks any of the shares; default 0.01. */
  readonly significance?: number;
  /** What a column that is not in the schema is; default `warning`. */
  readonly unknownColumns?: "alarm" | "warning" | "allow";
  /** The column to be predicted. */
  readonly label?: string;
  /** Least and greatest share of each class of the label. */
  readonly classes?: Readonly<Record<string, readonly [least: number, greatest: number]>>;
  /** Greatest share of rows that repeat an earlier row. */
  readonly duplicates?: number;
  /** Greatest share of rows whose features were seen before with another label. */
  readonly conflicts?: number;
  /** Greatest share of rows that are in the reference, too; looked at when there is one. */
  readonly overlap?: number;
  readonly keys?: readonly KeySchema[];
  readonly correlations?: readonly CorrelationSchema[];
  readonly columns: Readonly<Record<string, ColumnSchema>>;
}

/** A rule of a schema, by the field that sets it. */
export type RuleName =
  | "column"
  | "unknownColumn"
  | "type"
  | "fraction"
  | "missing"
  | "range"
  | "limits"
  | "nonFinite"
  | "beyond"
  | "values"
  | "pattern"
  | "length"
  | "numeric"
  | "stuck"
  | "shape"
  | "peak"
  | "key"
  | "duplicates"
  | "conflicts"
  | "overlap"
  | "classes"
  | "correlation";

/** What `sanityChecker` looks for beyond rules of rows. */
export type SanityRule =
  | "leak"
  | "identifier"
  | "constant"
  | "copy"
  | "imbalance"
  | "smallGroup"
  | "sharedId"
  | "relation"
  | "uncovered"
  | "unseen";

/** A rule that data breaks: where, how often, and what to do. */
export interface Fault {
  readonly rule: RuleName | SanityRule;
  readonly status: Extract<VerdictStatus, "alarm" | "warning">;
  /** null when it is about whole rows. */
  readonly column: string | null;
  /** How many rows break it. */
  readonly rows: number;
  /** The first of them, counted from 1. */
  readonly firstRows: readonly number[];
  /** Their values, each once. */
  readonly examples: readonly (string | number)[];
  readonly message: string;
  /** What to do next. */
  readonly action: string;
}
