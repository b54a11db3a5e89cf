import { createRandom } from "../random/random.ts";
import { type CategoryCounts, createCategories } from "./category-counts.ts";
import type { ColumnProfile, NumberSummary, TensorProfile, TextProfile } from "./column-profile.ts";
import { addText, closeRegisters, mergeRegisters, noRegisters, openRegisters } from "./distinct-sketch.ts";
import { createDistribution } from "./distribution.ts";
import type { Histogram } from "./histogram.ts";
import { closeMoments, mergeMoments, openMoments } from "./moments.ts";
import { unlike } from "./unlike-profiles.ts";

/** One column of two parts together; a part without a value of it fits any kind. */
export function mergeColumns(first: ColumnProfile, second: ColumnProfile, seed: number): ColumnProfile {
  const nulls = first.nulls + second.nulls;
  if (isEmpty(second) && first.kind !== second.kind) return { ...first, nulls };
  if (isEmpty(first) && first.kind !== second.kind) return { ...second, nulls };
  const { name } = first;
  if ((first.kind === "number" || first.kind === "time") && first.kind === second.kind) {
    const other = second as typeof first;
    const shared = {
      nulls,
      nan: first.nan + other.nan,
      infinite: first.infinite + other.infinite,
      ...mergeNumbers(first, other, { name, seed }),
    };
    if (first.kind === "time") return { ...first, ...shared };
    const { integer, whole } = second as typeof first;
    return { ...first, ...shared, integer: first.integer && integer, whole: first.whole + whole };
  }
  if (first.kind === "boolean" && second.kind === "boolean") {
    return { ...first, nulls, count: first.count + second.count, trues: first.trues + second.trues };
  }
  if (first.kind === "text" && second.kind === "text") return { ...mergeTexts(first, second), nulls };
  if (first.kind === "tensor" && second.kind === "tensor")
    return { ...mergeTensors(first, second, seed), nulls };
  throw unlike(
    `Column "${name}" holds ${first.kind}s in the first profile, ${second.kind}s in the second`,
    "merge profiles of one table",
  );
}

function isEmpty(column: ColumnProfile): boolean {
  if (column.kind === "number" || column.kind === "time")
    return column.count + column.nan + column.infinite === 0;
  return column.count === 0;
}

interface Naming {
  /** For messages, and for the stream of chance. */
  readonly name: string;
  readonly seed: number;
}

function mergeNumbers(first: NumberSummary, second: NumberSummary, { name, seed }: Naming): NumberSummary {
  const count = first.count + second.count;
  const moments = openMoments(first.count, first.moments);
  mergeMoments(moments, openMoments(second.count, second.moments));
  const distribution = createDistribution(() => createRandom(seed, `${name}/merged/${count}`));
  distribution.merge(first);
  distribution.merge(second);
  return {
    count,
    min: leastOf(first.min, second.min),
    max: greatestOf(first.max, second.max),
    moments: closeMoments(moments),
    histogram: mergeHistograms(first.histogram, second.histogram, name),
    ...distribution.close(),
  };
}

/** Bins are added; where one side has no value, the bins are those of the other. */
export function mergeHistograms(first: Histogram, second: Histogram, name: string): Histogram {
  const { cuts } = first;
  if (cuts.length === second.cuts.length && cuts.every((cut, place) => cut === second.cuts[place])) {
    return { cuts, counts: first.counts.map((count, bin) => count + (second.counts[bin] ?? 0)) };
  }
  if (total(second) === 0) return first;
  if (total(first) === 0) return second;
  throw unlike(
    `Column "${name}" was counted in other bins in each of the two profiles`,
    "profile the second part with `like` set to the profile of the first",
  );
}

function total({ counts }: Histogram): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function mergeTexts(first: TextProfile, second: TextProfile): TextProfile {
  const categories = mergeCategories(first.categories, second.categories);
  const registers = noRegisters();
  for (const { distinct, categories: known } of [first, second]) {
    const sketch = distinct === null ? null : openRegisters(distinct.registers);
    if (sketch !== null) mergeRegisters(registers, sketch);
    else for (const text of known.texts) addText(registers, text);
  }
  return {
    ...first,
    count: first.count + second.count,
    empty: first.empty + second.empty,
    numeric: first.numeric + second.numeric,
    temporal: first.temporal + second.temporal,
    lengths: {
      min: leastOf(first.lengths.min, second.lengths.min),
      max: greatestOf(first.lengths.max, second.lengths.max),
      total: first.lengths.total + second.lengths.total,
    },
    categories,
    distinct: categories.error === 0 ? null : closeRegisters(registers),
  };
}

/** The lesser capacity holds for both. */
export function mergeCategories(first: CategoryCounts, second: CategoryCounts): CategoryCounts {
  const merged = createCategories(Math.min(first.capacity, second.capacity));
  merged.addAll(first);
  merged.addAll(second);
  return merged.close();
}

function mergeTensors(first: TensorProfile, second: TensorProfile, seed: number): TensorProfile {
  const { name } = first;
  const shape = first.shape ?? second.shape;
  if (shape !== null && second.shape !== null && shape.join() !== second.shape.join()) {
    throw unlike(
      `Column "${name}" has rows of the shape [${shape}] in the first profile, [${second.shape}] in the second`,
      "merge profiles of one table",
    );
  }
  const part = (key: "means" | "minima" | "maxima") =>
    mergeNumbers(first[key], second[key], { name: `${name}/${key}`, seed });
  return {
    ...first,
    count: first.count + second.count,
    shape,
    nonFinite: first.nonFinite + second.nonFinite,
    means: part("means"),
    minima: part("minima"),
    maxima: part("maxima"),
  };
}

function leastOf(first: number | null, second: number | null): number | null {
  return first === null || second === null ? (first ?? second) : Math.min(first, second);
}

function greatestOf(first: number | null, second: number | null): number | null {
  return first === null || second === null ? (first ?? second) : Math.max(first, second);
}
