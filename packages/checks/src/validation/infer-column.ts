import type { ColumnProfile, NumberProfile, TensorProfile, TextProfile } from "../profile/column-profile.ts";
import { describeMoments } from "../profile/moments.ts";
import { quantileError, weightedValues } from "../profile/quantile.ts";
import { farLimits } from "./far-limits.ts";
import type { ColumnSchema } from "./schema.ts";
import { shareLimit } from "./share-limit.ts";
import { learnPattern } from "./text-pattern.ts";

/** Standard deviations from the mean beyond which values are counted. */
const FAR = 4;
/** Fewest rows from which it is believed that something never happens. */
const FEWEST = 30;

/** Longer texts are kept shortened in a profile, and are no categories anyway. */
const LONGEST = 200;

type Draft = { -readonly [Key in keyof ColumnSchema]: ColumnSchema[Key] };

/** What is asked when a column's rules are inferred. */
export interface InferColumnOptions {
  /** Most texts of a column whose values are listed. */
  readonly mostValues: number;
  /** Its values tell rows apart: later ones will be new. */
  readonly unique: boolean;
  /** Of a column of texts, those in a profile's sampled rows. */
  readonly sample: readonly string[];
}

/** What a column of the same source must be like, by the profile of one. */
export function inferColumn(profile: ColumnProfile, options: InferColumnOptions): ColumnSchema {
  const rows = rowsOf(profile);
  const missing = shareLimit(profile.nulls + (profile.kind === "text" ? profile.empty : 0), rows);
  switch (profile.kind) {
    case "boolean": {
      const commonest = Math.max(profile.trues, profile.count - profile.trues);
      return { type: "boolean", missing, ...stuckBy(commonest, profile.count) };
    }
    case "time":
      return { type: "time", missing };
    case "number":
      return inferNumbers(profile, { ...options, missing });
    case "text":
      return inferTexts(profile, { ...options, missing });
    case "tensor":
      return inferTensors(profile, missing);
  }
}

export function rowsOf(profile: ColumnProfile): number {
  const other = "nan" in profile ? profile.nan + profile.infinite : 0;
  return profile.count + profile.nulls + other;
}

type Known = InferColumnOptions & { readonly missing: number };

function inferNumbers(profile: NumberProfile, { missing, unique }: Known): ColumnSchema {
  const { count, nan, infinite, min, max, whole } = profile;
  const rows = rowsOf(profile);
  const odd = nan + infinite;
  const draft: Draft = {
    type: whole === count && (profile.integer || count >= FEWEST) ? "integer" : "number",
    missing,
    nonFinite: odd === 0 && rows >= FEWEST ? 0 : shareLimit(odd, rows),
  };
  if (min === null || max === null || unique) return draft;
  draft.range = [min, max];
  draft.outside = outsideOfExtremes(count);
  const limits = farLimits(profile);
  if (limits !== null && min < max) draft.limits = limits;
  const beyond = inferBeyond(profile);
  if (beyond !== null) draft.beyond = beyond;
  const counts = profile.values?.counts ?? [];
  if (counts.length > 1) Object.assign(draft, stuckBy(Math.max(...counts), count));
  return draft;
}

/** Of a sample of n, the share beyond its least and greatest is a Beta(2, n - 1): as if two rows had lain there. */
function outsideOfExtremes(count: number): number {
  return shareLimit(1, count);
}

function inferBeyond(profile: NumberProfile): Required<ColumnSchema>["beyond"] | null {
  const { mean, sd } = describeMoments(profile);
  if (mean === null || sd === null || !(sd > 0) || profile.count < FEWEST) return null;
  const far = weightedValues(profile).reduce(
    (sum, { value, weight }) => sum + (Math.abs(value - mean) > FAR * sd ? weight : 0),
    0,
  );
  const slack = quantileError(profile) * profile.count;
  const share = shareLimit(Math.ceil(far + slack), profile.count);
  return { mean: digits(mean), sd: digits(sd), k: FAR, share };
}

/** Only a column that has shown more than one value can be stuck. */
function stuckBy(commonest: number, count: number): Pick<ColumnSchema, "commonest"> {
  return commonest === count ? {} : { commonest: shareLimit(commonest, count) };
}

function inferTexts(profile: TextProfile, { missing, mostValues, unique, sample }: Known): ColumnSchema {
  const { count, categories, numeric, lengths, empty } = profile;
  const filled = count - empty;
  const texts = categories.texts.flatMap((text, place): [string, number][] =>
    text === "" ? [] : [[text, categories.counts[place] ?? 0]],
  );
  const draft: Draft = { type: "text", missing };
  if (filled === 0) return draft;
  const once = texts.filter(([, rows]) => rows === 1).length;
  const few = categories.error === 0 && texts.length <= mostValues && once <= filled / 20;
  const listed = few && !unique && (lengths.max ?? 0) <= LONGEST;
  if (listed) {
    draft.values = texts.map(([text]) => text).sort();
    draft.others = shareLimit(once, filled);
    if (texts.length > 1) Object.assign(draft, stuckBy(texts[0]?.[1] ?? 0, filled));
    return draft;
  }
  // Of many texts a profile counts only the frequent ones, so how they are written is learnt from its rows.
  const written = categories.error === 0 ? texts : sample.map((text): [string, number] => [text, 1]);
  const learnt = written.length >= FEWEST ? learnPattern(written) : null;
  if (learnt !== null) {
    draft.pattern = learnt.pattern;
    draft.unmatched = shareLimit(learnt.unmatched, learnt.rows);
  } else draft.numeric = shareLimit(numeric, filled);
  if (lengths.min !== null && lengths.max !== null && count >= FEWEST && !unique) {
    draft.length = [Math.max(1, lengths.min), lengths.max];
    draft.lengthOutside = outsideOfExtremes(filled);
  }
  return draft;
}

function inferTensors(
  { count, nonFinite, whole, shape, minima, maxima }: TensorProfile,
  missing: number,
): ColumnSchema {
  const draft: Draft = {
    type: "tensor",
    missing,
    nonFinite: nonFinite === 0 && count >= FEWEST ? 0 : shareLimit(nonFinite, count),
  };
  if (shape !== null) draft.shape = shape;
  if (whole === count && count >= FEWEST) draft.elements = "integer";
  if (minima.min === null || maxima.max === null) return draft;
  draft.range = [minima.min, maxima.max];
  draft.outside = outsideOfExtremes(count);
  draft.peak = maxima.min ?? maxima.max;
  draft.belowPeak = outsideOfExtremes(count);
  const low = farLimits(minima);
  const high = farLimits(maxima);
  if (low !== null && high !== null)
    draft.limits = [Math.min(low[0], minima.min), Math.max(high[1], maxima.max)];
  return draft;
}

function digits(value: number): number {
  return Number(value.toPrecision(6)) + 0;
}
