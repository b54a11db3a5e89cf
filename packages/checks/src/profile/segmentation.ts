import type { CategoryCounts } from "./category-counts.ts";
import type {
  BooleanProfile,
  ColumnProfile,
  NumberProfile,
  TextProfile,
  TimeProfile,
} from "./column-profile.ts";

/** A table's columns summed up by the values of one column (`slices`), or by equal spans of time (`buckets`). */
export interface Segmentation {
  readonly kind: "slices" | "buckets";
  /** Whose values or moments divide the rows. */
  readonly column: string;
  /** Of a bucket, in milliseconds; null for slices. */
  readonly bucketMs: number | null;
  /** Most segments kept: those of the least values; the rows of others are only counted, in `otherRows`. */
  readonly limit: number;
  readonly segments: readonly Segment[];
  readonly otherRows: number;
  /** Rows in which the dividing column has no value. */
  readonly missingRows: number;
}

/** The rows of one slice or bucket. */
export interface Segment {
  /** The slice's value, or the moment at which the bucket begins. */
  readonly value: string | number | boolean;
  readonly rows: number;
  /** All the profile's columns, in its order. */
  readonly columns: readonly SegmentColumn[];
}

type Numbers =
  | "kind"
  | "name"
  | "nulls"
  | "count"
  | "min"
  | "max"
  | "moments"
  | "histogram"
  | "nan"
  | "infinite";
type Tensors = Extract<ColumnProfile, { kind: "tensor" }>;

/** A smaller `ColumnProfile`: its bins are those of the whole column. */
export type SegmentColumn =
  | Pick<NumberProfile, Numbers>
  | Pick<TimeProfile, Numbers>
  | BooleanProfile
  | (Pick<TextProfile, "kind" | "name" | "nulls" | "count" | "empty"> & {
      readonly categories: CategoryCounts;
    })
  | Pick<Tensors, "kind" | "name" | "nulls" | "count">;
