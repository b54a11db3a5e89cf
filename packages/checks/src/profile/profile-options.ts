import { ChecksError } from "../errors.ts";
import type { Profile } from "./profile.ts";
import type { SegmentationPlan } from "./summarise-segments.ts";

/** Settings of a profile. */
export interface ProfileOptions {
  /** Of the sampled rows and the sketches: a whole number. Profiles to be merged need the same one. */
  readonly seed: number;
  /**
   * Whose bins to count in, so that both can be compared bin by bin, or merged. Its sample size, slices and buckets
   * are the defaults.
   */
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
  /**
   * Most slices of a column (default 100), and most buckets (default 1,000): those of the least values and the earliest
   * buckets; the rows of others are only counted.
   */
  readonly segments?: number | undefined;
  /** The index in the whole data of the first row: parts that are to be merged say where they begin. Default 0. */
  readonly firstRow?: number;
}

/** The options with defaults in place. */
export type CompleteProfileOptions = Required<Omit<ProfileOptions, "slices" | "time" | "segments">> & {
  readonly plans: readonly SegmentationPlan[];
};

/** @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID when an option is outside its range */
export function completeProfileOptions({
  seed,
  like = undefined,
  sampleSize = like?.sample.limit ?? 1_000,
  bins = 20,
  categories = 1_000,
  firstRow = 0,
  ...segments
}: ProfileOptions): CompleteProfileOptions {
  needWhole("seed", seed, Number.MIN_SAFE_INTEGER);
  needWhole("sampleSize", sampleSize, 1);
  needWhole("bins", bins, 1);
  needWhole("categories", categories, 1);
  needWhole("firstRow", firstRow, 0);
  return { seed, like, sampleSize, bins, categories, firstRow, plans: segmentationPlans(segments, like) };
}

/** By what the rows are to be divided: what the options say, else what `like` was divided by, where the data allow it. */
function segmentationPlans(
  { slices, time, segments }: Pick<ProfileOptions, "slices" | "time" | "segments">,
  like: Profile | undefined,
): SegmentationPlan[] {
  if (segments !== undefined) needWhole("segments", segments, 1);
  if (time !== undefined) needWhole("time.bucketMs", time.bucketMs, 1);
  if (slices === undefined && time === undefined) {
    const known = like?.segmentations ?? [];
    return known.map(({ kind, column, bucketMs, limit }) => ({
      kind,
      column,
      bucketMs,
      limit,
      required: false,
    }));
  }
  const shared = { required: true };
  const plans = (slices ?? []).map(
    (column): SegmentationPlan => ({
      ...shared,
      kind: "slices",
      column,
      bucketMs: null,
      limit: segments ?? 100,
    }),
  );
  if (time === undefined) return plans;
  return [...plans, { ...shared, kind: "buckets", ...time, limit: segments ?? 1_000 }];
}

function needWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  const range = least === Number.MIN_SAFE_INTEGER ? "" : ` from ${least} on`;
  throw new ChecksError(
    "SCANFLOW_CHECK_OPTION_INVALID",
    `Profile: "${name}" is ${value}: give a whole number${range}.`,
  );
}
