import type { ColumnProfile, NumberSummary } from "../../profile/column-profile.ts";
import { countInBins } from "../../profile/histogram.ts";
import type { Profile } from "../../profile/profile.ts";
import { sampleValues } from "../../profile/profile-parts.ts";
import { nameCategory, nameRange, type RangeKind } from "./name-bins.ts";

/** One column of reference and window, counted in the same bins. */
export interface Bins {
  readonly reference: readonly number[];
  readonly window: readonly number[];
  /** The first so many bins are in rising order and may be joined to ranges; the others stand for themselves. */
  readonly ordered: number;
  /** What the bins from `from` to `to` are called together; both ends are counted in. */
  name(from: number, to: number): string;
}

/** Most categories of either side that are bins of their own. */
const MOST_CATEGORIES = 30;

/** A column and the profile it is of. */
export interface ColumnOfProfile {
  readonly column: ColumnProfile;
  readonly profile: Profile;
}

/** null for columns that cannot be compared: of two kinds. */
export function binsOf(reference: ColumnOfProfile, window: ColumnOfProfile): Bins | null {
  const [a, b] = [reference.column, window.column];
  if (a.kind === "text" && b.kind === "text") {
    const texts = [
      ...new Set([a, b].flatMap(({ categories }) => categories.texts.slice(0, MOST_CATEGORIES))),
    ];
    return categoryBins(
      texts.map(nameCategory),
      [a, b].map((column) => countsOfTexts(column, texts)),
    );
  }
  if (a.kind === "boolean" && b.kind === "boolean") {
    return categoryBins(
      ["true", "false"],
      [a, b].map(({ count, trues, nulls }) => [trues, count - trues, nulls]),
    );
  }
  if (a.kind === "tensor" && b.kind === "tensor") {
    return rangeBins(
      [a.means, b.means],
      [a, b].map(({ nulls }) => [0, nulls]),
      { window: null, kind: "number" },
    );
  }
  if ((a.kind === "number" && b.kind === "number") || (a.kind === "time" && b.kind === "time")) {
    const missing = [a, b].map(({ infinite, nulls, nan }) => [infinite, nulls + nan]);
    const whole = a.kind === "number" && a.whole === a.count && b.kind === "number" && b.whole === b.count;
    const kind = a.kind === "time" ? "time" : whole ? "whole" : "number";
    return rangeBins([a, b], missing, { window: sampleValues(window.profile, b.name), kind });
  }
  return null;
}

function categoryBins(
  names: readonly string[],
  [reference = [], window = []]: readonly (readonly number[])[],
): Bins {
  const all = [...names, ...(reference.length > names.length + 1 ? ["all others"] : []), "missing"];
  return { reference, window, ordered: 0, name: (from) => all[from] ?? "" };
}

/** Of each text, of all others, and of rows without one. */
function countsOfTexts(
  { count, nulls, categories }: Extract<ColumnProfile, { kind: "text" }>,
  texts: readonly string[],
): number[] {
  const known = new Map(categories.texts.map((text, at) => [text, categories.counts[at] ?? 0]));
  const counts = texts.map((text) => known.get(text) ?? 0);
  return [...counts, count - counts.reduce((sum, own) => sum + own, 0), nulls];
}

function rangeBins(
  [reference, window]: readonly [NumberSummary, NumberSummary],
  [others = [], othersNow = []]: readonly (readonly number[])[],
  { window: sample, kind }: { readonly window: Float64Array | null; readonly kind: RangeKind },
): Bins {
  const { cuts, counts } = reference.histogram;
  return {
    reference: [...counts, ...others],
    window: [...countsIn(cuts, window, sample), ...othersNow],
    ordered: counts.length,
    name(from, to) {
      if (from >= counts.length) return from === counts.length ? "infinite" : "missing";
      return nameRange({ from: cuts[from - 1] ?? null, to: cuts[to] ?? null, kind });
    },
  };
}

/** From a profile in the same bins, else from its distinct values, else scaled up from its sample. */
function countsIn(
  cuts: readonly number[],
  summary: NumberSummary,
  sample: Float64Array | null,
): readonly number[] {
  const { histogram, values, count } = summary;
  if (histogram.cuts.length === cuts.length && histogram.cuts.every((cut, at) => cut === cuts[at])) {
    return histogram.counts;
  }
  if (values !== null) {
    const counts = new Array<number>(cuts.length + 1).fill(0);
    for (const [at, value] of values.values.entries()) {
      const bin = cuts.findLastIndex((cut) => cut <= value) + 1;
      counts[bin] = (counts[bin] ?? 0) + (values.counts[at] ?? 0);
    }
    return counts;
  }
  const kept = sample ?? new Float64Array(0);
  return countInBins(kept, cuts).counts.map((own) => Math.round((own * count) / Math.max(1, kept.length)));
}
