import type { ColumnProfile, TextProfile } from "../profile/column-profile.ts";
import { sameCuts } from "../profile/histogram.ts";
import { describeMoments } from "../profile/moments.ts";
import type { Profile } from "../profile/profile.ts";
import { sampleValues } from "../profile/profile-parts.ts";
import type { SegmentColumn } from "../profile/segmentation.ts";
import { KS_EXACT_LIMIT } from "../statistics/ks.ts";
import type { CountedSides } from "./counted-sides.ts";
import type { TestTraits } from "./drift-tests.ts";
import type { DriftBasis } from "./drift-verdict.ts";
import { numberCounts } from "./number-counts.ts";

/** The values of both sides. */
export interface ValuedSides {
  readonly kind: "values";
  readonly reference: Float64Array;
  readonly current: Float64Array;
  /** What distances between values are measured in, above 0: the reference's standard deviation. */
  readonly unit: number;
  /** In how many bins a test of counts takes them: those of the reference. */
  readonly bins: number;
  readonly basis: DriftBasis;
}

/** A column with the profile that it is of. */
export interface ProfiledColumn {
  readonly column: ColumnProfile;
  readonly profile: Profile;
}

/** With fewer rows in it chance must choose a reference's bins anew: some 50 for each of the usual 20 bins. */
const FEW_ROWS = 1_000;

/**
 * What a test compares: the values of a column of numbers or times where it measures values and both profiles keep
 * all, where only values will do, or where the bins of few rows would mislead; else counts, also of many rows with few
 * distinct values. Null where there are no common counts.
 */
export function sidesFor(
  { counts, values, ordered }: TestTraits,
  reference: ProfiledColumn,
  current: ProfiledColumn,
): CountedSides | ValuedSides | null {
  const { column, profile } = reference;
  const complete = isComplete(profile) && isComplete(current.profile);
  const valued = (basis: DriftBasis): ValuedSides | null =>
    column.kind !== "number" && column.kind !== "time"
      ? null
      : {
          kind: "values",
          reference: sampleValues(profile, column.name),
          current: sampleValues(current.profile, column.name),
          unit: describeMoments(column).sd || 1,
          bins: column.histogram.counts.length,
          basis: complete ? basis : "reservoir",
        };
  if (values === null) {
    const counted = countsOfSides(reference, current, ordered);
    const few = isComplete(profile) && column.count < FEW_ROWS && counted?.basis !== "all-values";
    return few ? (valued("bins") ?? counted) : counted;
  }
  // Where ties are many and rows too, only counts have a p value that heeds the ties.
  const listed = isListed(column) && isListed(current.column);
  const large = column.count * current.column.count > KS_EXACT_LIMIT;
  const countable = counts !== null && (!complete || (listed && large));
  return (countable ? null : valued("all-values")) ?? countsOfSides(reference, current, ordered);
}

/** Whether it has so few distinct values that each is counted. */
function isListed(column: ColumnProfile): boolean {
  return "values" in column && column.values !== null;
}

export function isComplete({ sample, rows }: Profile): boolean {
  return sample.rows.length === rows;
}

/** Counts of both sides: of each distinct value where they are few, else in bins, or of each text. */
function countsOfSides(
  reference: ProfiledColumn,
  current: ProfiledColumn,
  ordered: boolean,
): CountedSides | null {
  const [a, b] = [reference.column, current.column];
  if (a.kind === "text" && b.kind === "text") return textCounts([a, b], [reference.profile, current.profile]);
  if (a.kind === "boolean" && b.kind === "boolean") {
    return { kind: "counts", reference: twoCounts(a), current: twoCounts(b), basis: "all-values" };
  }
  if (a.kind === "tensor" && b.kind === "tensor")
    return numberCounts([a.means, b.means], { ordered, sample: null });
  if ((a.kind === "number" && b.kind === "number") || (a.kind === "time" && b.kind === "time")) {
    return numberCounts([a, b], { ordered, sample: () => sampleValues(current.profile, b.name) });
  }
  return null;
}

/** The counts of a slice on both sides; null where they are not comparable. */
export function countsOfSlices(a: SegmentColumn, b: SegmentColumn): CountedSides | null {
  if (a.kind === "boolean" && b.kind === "boolean") {
    return { kind: "counts", reference: twoCounts(a), current: twoCounts(b), basis: "bins" };
  }
  if (a.kind === "text" && b.kind === "text") {
    if (a.categories.error > 0 || b.categories.error > 0) return null;
    return { ...countTexts([countMap(a), countMap(b)]), basis: "bins" };
  }
  const numbers = (a.kind === "number" && b.kind === "number") || (a.kind === "time" && b.kind === "time");
  if (!numbers || !sameCuts(a.histogram.cuts, b.histogram.cuts)) return null;
  return {
    kind: "counts",
    reference: Float64Array.from(a.histogram.counts),
    current: Float64Array.from(b.histogram.counts),
    basis: "bins",
  };
}

function twoCounts({ count, trues }: { readonly count: number; readonly trues: number }): Float64Array {
  return Float64Array.of(count - trues, trues);
}

/** Most texts that are compared one by one; the others count together. */
const MOST_TEXTS = 100;

function textCounts(
  columns: readonly [TextProfile, TextProfile],
  profiles: readonly [Profile, Profile],
): CountedSides {
  const exact = columns.every(({ categories }) => categories.error === 0);
  if (exact) return { ...countTexts([countMap(columns[0]), countMap(columns[1])]), basis: "all-values" };
  // Counts of a summary are too small on either side by another error: a sample of rows is not.
  const sampled = profiles.map((profile, side) => sampledTexts(profile, columns[side]?.name ?? ""));
  const [reference = new Map(), current = new Map()] = sampled;
  return { ...countTexts([reference, current]), basis: "reservoir" };
}

type TextCounts = ReadonlyMap<string, number>;

function countMap({ categories }: Pick<TextProfile, "categories">): TextCounts {
  return new Map(categories.texts.map((text, at) => [text, categories.counts[at] ?? 0]));
}

function sampledTexts({ sample }: Profile, name: string): TextCounts {
  const counts = new Map<string, number>();
  const column = sample.columns.find((other) => other.name === name);
  if (column?.kind !== "text") return counts;
  for (const text of column.values) if (text !== null) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** The texts are chosen by the counts of both sides together, so that chance treats both alike. */
function countTexts([before, now]: readonly [TextCounts, TextCounts]): Omit<CountedSides, "basis"> {
  const pooled = [...new Set([...before.keys(), ...now.keys()])].map((text): [string, number] => [
    text,
    (before.get(text) ?? 0) + (now.get(text) ?? 0),
  ]);
  const shown = pooled.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, MOST_TEXTS);
  const side = (counts: TextCounts) => {
    const own = shown.map(([text]) => counts.get(text) ?? 0);
    const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const others = all - own.reduce((sum, count) => sum + count, 0);
    return Float64Array.from(pooled.length > MOST_TEXTS ? [...own, others] : own);
  };
  return { kind: "counts", reference: side(before), current: side(now) };
}

/** Texts of the window that the reference is known not to have; none when its list is not complete. */
export function newTexts(a: ColumnProfile, b: ColumnProfile): readonly string[] {
  if (a.kind !== "text" || b.kind !== "text" || a.categories.error > 0) return [];
  const known = new Set(a.categories.texts);
  return b.categories.texts.filter((text) => !known.has(text)).slice(0, 20);
}
