import type { BooleanColumn, Column, NumberColumn, TextColumn, TimeColumn } from "../batch/column.ts";
import { isValid } from "../batch/validity.ts";
import { createCategories } from "./category-counts.ts";
import type { ColumnProfile, NumberProfile, TimeProfile } from "./column-profile.ts";
import { joinBins } from "./histogram.ts";
import { addToMoments, closeMoments, noMoments } from "./moments.ts";
import type { SegmentColumn } from "./segmentation.ts";
import { shortenText } from "./text-form.ts";

/** Most texts of a segment that are counted one by one. */
const SEGMENT_CATEGORIES = 100;

/** One column of one segment while it is gathered. */
export interface RunningSegmentColumn {
  /** Adds the rows that `order` lists. @param bins of each row, where the column is one of numbers or times */
  add(column: Column, order: Int32Array, bins: Int32Array): void;
  /** @param profile of the whole column. @param rows of the segment */
  close(profile: ColumnProfile, rows: number): SegmentColumn;
}

/** @param cuts by which the whole column is counted, before bins are joined. @param categories most texts of the whole */
export function summariseSegment(
  kind: ColumnProfile["kind"],
  { cuts, categories }: { readonly cuts: readonly number[]; readonly categories: number },
): RunningSegmentColumn {
  switch (kind) {
    case "number":
    case "time":
      return segmentNumbers(cuts) as RunningSegmentColumn;
    case "boolean":
      return segmentBooleans() as RunningSegmentColumn;
    case "text":
      return segmentTexts(Math.min(categories, SEGMENT_CATEGORIES)) as RunningSegmentColumn;
    case "tensor":
      return segmentTensors();
  }
}

interface Running<Kind extends Column, Profile extends ColumnProfile> {
  add(column: Kind, order: Int32Array, bins: Int32Array): void;
  close(profile: Profile, rows: number): SegmentColumn;
}

let scratch = new Float64Array(0);

function segmentNumbers(
  cuts: readonly number[],
): Running<NumberColumn | TimeColumn, NumberProfile | TimeProfile> {
  const counts = new Uint32Array(cuts.length + 1);
  const moments = noMoments();
  let nan = 0;
  let infinite = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  return {
    add({ values, validity }, order, bins) {
      if (scratch.length < order.length) scratch = new Float64Array(order.length);
      let count = 0;
      for (let at = 0; at < order.length; at += 1) {
        const row = order[at] as number;
        if (validity !== null && !isValid(validity, row)) continue;
        const value = (values[row] as number) + 0;
        if (value - value === 0) {
          scratch[count] = value;
          count += 1;
          if (value < min) min = value;
          if (value > max) max = value;
          const bin = bins[row] as number;
          counts[bin] = (counts[bin] as number) + 1;
        } else if (Number.isNaN(value)) nan += 1;
        else infinite += 1;
      }
      addToMoments(moments, scratch, count);
    },
    close({ kind, name, histogram }, rows) {
      const { count } = moments;
      return {
        kind,
        name,
        nulls: rows - count - nan - infinite,
        nan,
        infinite,
        count,
        min: count === 0 ? null : min,
        max: count === 0 ? null : max,
        moments: closeMoments(moments, { min, max }),
        histogram: joinBins({ cuts, counts: Array.from(counts) }, histogram.cuts),
      };
    },
  };
}

function segmentBooleans(): Running<BooleanColumn, ColumnProfile> {
  let count = 0;
  let trues = 0;
  return {
    add({ values, validity }, order) {
      for (const row of order) {
        if (!isValid(validity, row)) continue;
        count += 1;
        trues += values[row] as number;
      }
    },
    close: ({ name }, rows) => ({ kind: "boolean", name, nulls: rows - count, count, trues }),
  };
}

function segmentTexts(capacity: number): Running<TextColumn, ColumnProfile> {
  const categories = createCategories(capacity);
  let count = 0;
  let empty = 0;
  return {
    add({ codes, dictionary, validity }, order) {
      const found = new Map<number, number>();
      for (const row of order) {
        if (!isValid(validity, row)) continue;
        const code = codes[row] as number;
        found.set(code, (found.get(code) ?? 0) + 1);
      }
      for (const [code, rows] of found) {
        const text = dictionary[code] as string;
        count += rows;
        if (text === "") empty += rows;
        categories.add(shortenText(text), rows);
      }
      categories.trim();
    },
    close: ({ name }, rows) => ({
      kind: "text",
      name,
      nulls: rows - count,
      count,
      empty,
      categories: categories.close(),
    }),
  };
}

function segmentTensors(): RunningSegmentColumn {
  let count = 0;
  return {
    add({ validity }, order) {
      for (const row of order) count += Number(isValid(validity, row));
    },
    close: ({ name }, rows) => ({ kind: "tensor", name, nulls: rows - count, count }),
  };
}
