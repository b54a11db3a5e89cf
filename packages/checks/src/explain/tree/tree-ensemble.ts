import type { Link } from "./link.ts";

/**
 * How a split asks of its feature's value x. `MEMBER`: x, cut to a whole number, is in a set; `EXACT_MEMBER`: x as it
 * is. The first seven are the modes of ONNX's TreeEnsemble.
 */
export const SPLIT = {
  LESS_OR_EQUAL: 0,
  LESS: 1,
  GREATER_OR_EQUAL: 2,
  GREATER: 3,
  EQUAL: 4,
  NOT_EQUAL: 5,
  MEMBER: 6,
  EXACT_MEMBER: 7,
} as const;

/** What a split does before it asks, as bits. */
export const MISSING = {
  /** NaN is taken for 0. */
  NAN_IS_ZERO: 1,
  /** A value of 0 goes where missing ones go. */
  ZERO_IS_MISSING: 2,
  /** NaN goes where missing values go; without this bit it is compared like a number. */
  NAN_IS_MISSING: 4,
  /** Missing values go to `yes`, else to `no`. */
  GOES_YES: 8,
} as const;

/**
 * One decision tree. All arrays but `values` and `categories` have one place per node; node 0 is the root, and children
 * stand behind their parents.
 */
export interface Tree {
  /** Which output the first of a leaf's values is added to. */
  readonly output: number;
  /** Numbers per leaf: it adds to the outputs from `output` to `output + width - 1`. */
  readonly width: number;
  /** The feature a node splits by; -1 for a leaf. */
  readonly feature: Int32Array;
  readonly split: Uint8Array;
  readonly missing: Uint8Array;
  /** For `MEMBER` and `EXACT_MEMBER`, which of the `categories`. */
  readonly threshold: Float64Array;
  readonly yes: Int32Array;
  readonly no: Int32Array;
  /** Rows of the training data that came by; null when the file does not say. */
  readonly cover: Float64Array | null;
  /** nodes × width. */
  readonly values: Float64Array;
  readonly categories: readonly ReadonlySet<number>[];
}

/** Decision trees whose values are added up: what `readLightgbm` and `readOnnxTrees` make. */
export interface TreeEnsemble {
  readonly features: readonly string[];
  /** Of features that are categories, the values whose places are their numbers; as texts. */
  readonly levels: ReadonlyMap<string, readonly string[]>;
  readonly outputs: number;
  readonly trees: readonly Tree[];
  /** Added to the sum: one per output. */
  readonly offset: Float64Array;
  /** What the sum is divided by: the number of trees of a forest that answers their mean, else 1. */
  readonly divisor: number;
  /** From the score to the answer. */
  readonly link: Link;
  /** Features and sums have 32 bits, as ONNX Runtime has them for a model of floats. */
  readonly single: boolean;
}
