import { createRandom } from "../random/random.ts";
import type { ColumnProfile, NumberSummary, TensorProfile, TextProfile } from "./column-profile.ts";
import { addText, closeRegisters, mergeRegisters, noRegisters, openRegisters } from "./distinct-sketch.ts";
import { createDistribution } from "./distribution.ts";
import {
  greatestOf,
  leastOf,
  mergeCategories,
  mergeHistograms,
  mergeMomentsOf,
  mergeRange,
} from "./merge-parts.ts";
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
  const distribution = createDistribution(() => createRandom(seed, `${name}/merged/${count}`));
  distribution.merge(first);
  distribution.merge(second);
  return {
    ...mergeRange(first, second),
    moments: mergeMomentsOf(first, second),
    histogram: mergeHistograms(first.histogram, second.histogram, name),
    ...distribution.close(),
  };
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
    whole: first.whole + second.whole,
    means: part("means"),
    minima: part("minima"),
    maxima: part("maxima"),
  };
}
