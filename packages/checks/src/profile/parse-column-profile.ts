import type { JsonObject } from "../json/json.ts";
import type { CategoryCounts } from "./category-counts.ts";
import type { ColumnProfile, NumberSummary, TensorProfile, TextProfile } from "./column-profile.ts";
import { type DistinctSketch, openRegisters } from "./distinct-sketch.ts";
import type { Distribution } from "./distribution.ts";
import type { Histogram } from "./histogram.ts";
import type { Moments } from "./moments.ts";
import { readProfile as read } from "./profile-reader.ts";
import type { QuantileSketch } from "./quantile-sketch.ts";
import type { ValueCounts } from "./value-counts.ts";

/** @param rows of the profile: what the column's counts must add up to */
export function parseColumnProfile(value: unknown, path: string, rows: number): ColumnProfile {
  const column = read.object(value, path);
  const parsed = parseKind(column, path);
  read.rows(parsed, path, [rows, "the profile's rows"]);
  return parsed;
}

function parseKind(column: JsonObject, path: string): ColumnProfile {
  const name = read.string(column.name, `${path}.name`);
  const whole = (key: string) => read.whole(column[key], `${path}.${key}`);
  const nulls = whole("nulls");
  const { kind } = column;
  switch (kind) {
    case "number": {
      const integer = read.boolean(column.integer, `${path}.integer`);
      const shared = { nulls, nan: whole("nan"), infinite: whole("infinite"), integer };
      const numbers = parseNumbers(column, path);
      return {
        kind,
        name,
        ...shared,
        whole: read.part(column.whole, `${path}.whole`, numbers.count),
        ...numbers,
      };
    }
    case "time":
      return {
        kind,
        name,
        nulls,
        nan: whole("nan"),
        infinite: whole("infinite"),
        ...parseNumbers(column, path),
      };
    case "boolean": {
      const count = whole("count");
      return { kind, name, nulls, count, trues: read.part(column.trues, `${path}.trues`, count) };
    }
    case "text":
      return parseTexts(column, { path, name, nulls });
    case "tensor":
      return parseTensors(column, { path, name, nulls });
    default:
      return read.fail(`${path}.kind`, kind, 'one of "number", "time", "boolean", "text", "tensor"');
  }
}

interface Place {
  readonly path: string;
  readonly name: string;
  readonly nulls: number;
}

function parseTexts(column: JsonObject, { path, name, nulls }: Place): TextProfile {
  const whole = (key: string) => read.whole(column[key], `${path}.${key}`);
  const lengths = read.object(column.lengths, `${path}.lengths`);
  const count = whole("count");
  const part = (key: string) => read.part(column[key], `${path}.${key}`, count);
  const categories = parseCategories(column.categories, `${path}.categories`, count);
  const distinct = parseDistinct(column.distinct, `${path}.distinct`);
  if ((distinct === null) !== (categories.error === 0)) {
    read.fail(`${path}.distinct`, column.distinct, "null while the categories are exact, else a sketch");
  }
  return {
    kind: "text",
    name,
    nulls,
    count,
    empty: part("empty"),
    numeric: part("numeric"),
    temporal: part("temporal"),
    lengths: {
      min: read.number(lengths.min, `${path}.lengths.min`),
      max: read.number(lengths.max, `${path}.lengths.max`),
      total: read.whole(lengths.total, `${path}.lengths.total`),
    },
    categories,
    distinct,
  };
}

function parseTensors(column: JsonObject, { path, name, nulls }: Place): TensorProfile {
  const part = (key: "means" | "minima" | "maxima") =>
    parseNumbers(read.object(column[key], `${path}.${key}`), `${path}.${key}`);
  return {
    kind: "tensor",
    name,
    nulls,
    count: read.whole(column.count, `${path}.count`),
    shape: column.shape === null ? null : read.counts(column.shape, `${path}.shape`),
    nonFinite: read.whole(column.nonFinite, `${path}.nonFinite`),
    // Profiles of before it was counted have none: nothing is then inferred from it.
    whole: read.whole(column.whole ?? 0, `${path}.whole`),
    means: part("means"),
    minima: part("minima"),
    maxima: part("maxima"),
  };
}

function parseNumbers(column: JsonObject, path: string): NumberSummary {
  const count = read.whole(column.count, `${path}.count`);
  const { min, max } = parseRange(column, path, count);
  return {
    count,
    min,
    max,
    moments: parseMoments(column.moments, `${path}.moments`),
    histogram: parseHistogram(column.histogram, `${path}.histogram`, count),
    ...parseDistribution(column, path, { count, min, max }),
  };
}

export function parseMoments(value: unknown, path: string): Moments {
  const moments = read.object(value, path);
  const number = (key: keyof Moments) => read.number(moments[key], `${path}.${key}`);
  const parsed = { mean: number("mean"), m2: number("m2"), m3: number("m3"), m4: number("m4") };
  if (parsed.m2 !== null && parsed.m2 < 0) read.fail(`${path}.m2`, parsed.m2, "0 or more");
  if (parsed.m4 !== null && parsed.m4 < 0) read.fail(`${path}.m4`, parsed.m4, "0 or more");
  return parsed;
}

export function parseHistogram(value: unknown, path: string, count: number): Histogram {
  const histogram = read.object(value, path);
  const cuts = read.rising(histogram.cuts, `${path}.cuts`, { equal: false });
  const counts = read.counts(histogram.counts, `${path}.counts`);
  if (counts.length !== cuts.length + 1) {
    read.fail(`${path}.counts`, counts, `a list of ${cuts.length + 1} counts, one more than there are cuts`);
  }
  read.total(counts, `${path}.counts`, [count, "the column's count"]);
  return { cuts, counts };
}

/** The least and the greatest value, null when there is none. */
export function parseRange(column: JsonObject, path: string, count: number): Range {
  const min = read.number(column.min, `${path}.min`);
  const max = read.number(column.max, `${path}.max`);
  if ((min === null) !== (count === 0)) read.fail(`${path}.min`, min, `what ${count} values have`);
  if ((max === null) !== (count === 0)) read.fail(`${path}.max`, max, `what ${count} values have`);
  if (min !== null && max !== null && min > max) {
    read.fail(`${path}.min`, min, `at or below the column's max ${max}`);
  }
  return { count, min, max };
}

interface Range {
  readonly count: number;
  readonly min: number | null;
  readonly max: number | null;
}

function parseDistribution(column: JsonObject, path: string, range: Range): Distribution {
  if (column.values !== null) {
    return { values: parseValues(column.values, `${path}.values`, range), quantiles: null, distinct: null };
  }
  const distinct = parseDistinct(column.distinct, `${path}.distinct`);
  if (distinct === null) read.fail(`${path}.distinct`, null, "a sketch, as there is no list of values");
  return { values: null, quantiles: parseQuantiles(column.quantiles, `${path}.quantiles`, range), distinct };
}

function parseValues(value: unknown, path: string, { count, min, max }: Range): ValueCounts {
  const listed = read.object(value, path);
  const values = read.rising(listed.values, `${path}.values`, { equal: false });
  const counts = read.counts(listed.counts, `${path}.counts`);
  if (counts.length !== values.length)
    read.fail(`${path}.counts`, counts, `a list of ${values.length} counts`);
  read.total(counts, `${path}.counts`, [count, "the column's count"]);
  if ((values[0] ?? null) !== min) read.fail(`${path}.values[0]`, values[0], `the column's min ${min}`);
  if ((values.at(-1) ?? null) !== max)
    read.fail(`${path}.values`, values.at(-1), `up to the column's max ${max}`);
  return { values, counts };
}

function parseQuantiles(value: unknown, path: string, { count, min, max }: Range): QuantileSketch {
  const sketch = read.object(value, path);
  let weight = 0;
  const levels = read.list(sketch.levels, `${path}.levels`).map((level, place) => {
    const kept = read.rising(level, `${path}.levels[${place}]`, { equal: true });
    weight += kept.length * 2 ** place;
    if ((kept[0] ?? min ?? 0) < (min ?? 0))
      read.fail(`${path}.levels[${place}]`, kept[0], `at or above the min ${min}`);
    if ((kept.at(-1) ?? max ?? 0) > (max ?? 0)) {
      read.fail(`${path}.levels[${place}]`, kept.at(-1), `at or below the max ${max}`);
    }
    return kept;
  });
  if (weight !== count) read.fail(`${path}.levels`, levels, `levels that stand for ${count} values`);
  return { size: read.whole(sketch.size, `${path}.size`), levels };
}

function parseDistinct(value: unknown, path: string): DistinctSketch | null {
  if (value === null) return null;
  const { registers } = read.object(value, path);
  const text = read.string(registers, `${path}.registers`);
  if (openRegisters(text) === null) read.fail(`${path}.registers`, text, "4,096 registers");
  return { registers: text };
}

export function parseCategories(value: unknown, path: string, count: number): CategoryCounts {
  const categories = read.object(value, path);
  const texts = read.list(categories.texts, `${path}.texts`);
  const parsed: CategoryCounts = {
    capacity: read.whole(categories.capacity, `${path}.capacity`),
    texts: texts.map((text, place) => read.string(text, `${path}.texts[${place}]`)),
    counts: read.counts(categories.counts, `${path}.counts`),
    error: read.whole(categories.error, `${path}.error`),
  };
  if (parsed.counts.length !== texts.length) {
    read.fail(`${path}.counts`, parsed.counts, `a list of ${texts.length} counts`);
  }
  if (texts.length > parsed.capacity) {
    read.fail(`${path}.texts`, texts, `a list of at most ${parsed.capacity} texts`);
  }
  if (new Set(texts).size < texts.length) read.fail(`${path}.texts`, texts, "a list of distinct texts");
  if (parsed.error === 0) read.total(parsed.counts, `${path}.counts`, [count, "the column's count"]);
  return parsed;
}
