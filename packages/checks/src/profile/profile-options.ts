import { ChecksError } from "../errors.ts";
import type { Profile } from "./profile.ts";
import type { SegmentationPlan } from "./summarise-segments.ts";

/** Settings of a profile. */
export interface ProfileOptions {
  /** Of the sampled rows and the sketches: a whole number. Profiles to be merged need the same one. */
  readonly seed: number;
  /** Whose bins to count in, so that both can be compared bin by bin, or merged. */
  readonly like?: Profile | undefined;
  /** Rows kept, 1 or more; default 1,000. */
  readonly sampleSize?: number;
  /** Most bins per column, 1 or more; default 20. */
  readonly bins?: number;
  /** Most texts of a column that are counted one by one, 1 or more; default 1,000. */
  readonly categories?: number;
  /** Columns by whose values the rows are summed up apart as well, such as a region; default none. */
  readonly slices?: readonly string[];
  /** A column of times by which the rows are summed up apart as well, in buckets of `bucketMs` milliseconds. */
  readonly time?: { readonly column: string; readonly bucketMs: number } | undefined;
  /** Most slices of a column, and most buckets, 1 or more; the rows of others are only counted. Default 100. */
  readonly segments?: number;
  /** The index in the whole data of the first row: parts that are to be merged say where they begin. Default 0. */
  readonly firstRow?: number;
}

/** The options with defaults in place. */
export type CompleteProfileOptions = Required<ProfileOptions>;

/** @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID when an option is outside its range */
export function completeProfileOptions({
  seed,
  like = undefined,
  sampleSize = 1_000,
  bins = 20,
  categories = 1_000,
  slices = [],
  time = undefined,
  segments = 100,
  firstRow = 0,
}: ProfileOptions): CompleteProfileOptions {
  needWhole("seed", seed, Number.MIN_SAFE_INTEGER);
  needWhole("sampleSize", sampleSize, 1);
  needWhole("bins", bins, 1);
  needWhole("categories", categories, 1);
  needWhole("firstRow", firstRow, 0);
  needWhole("segments", segments, 1);
  if (time !== undefined) needWhole("time.bucketMs", time.bucketMs, 1);
  return { seed, like, sampleSize, bins, categories, slices, time, segments, firstRow };
}

function needWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  const range = least === Number.MIN_SAFE_INTEGER ? "" : ` from ${least} on`;
  throw new ChecksError(
    "SCANFLOW_CHECK_OPTION_INVALID",
    `Profile: "${name}" is ${value}: give a whole number${range}.`,
  );
}

/** By what the rows are to be divided. */
export function segmentationPlans({
  slices,
  time,
  segments: limit,
}: CompleteProfileOptions): SegmentationPlan[] {
  const plans = slices.map((column): SegmentationPlan => ({ kind: "slices", column, bucketMs: null, limit }));
  if (time === undefined) return plans;
  return [...plans, { kind: "buckets", column: time.column, bucketMs: time.bucketMs, limit }];
}
