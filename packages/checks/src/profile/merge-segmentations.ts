import type { ColumnProfile } from "./column-profile.ts";
import { mergeCategories, mergeHistograms, mergeMomentsOf, mergeRange } from "./merge-parts.ts";
import type { Segment, Segmentation, SegmentColumn } from "./segmentation.ts";
import { summariseSegment } from "./summarise-segment.ts";
import { byValue } from "./summarise-segments.ts";
import { unlike } from "./unlike-profiles.ts";

/**
 * The segments of two parts together: those of one value are joined, and beyond the limit the greatest values given up.
 *
 * @param profiles the merged columns
 */
export function mergeSegmentations(
  first: readonly Segmentation[],
  second: readonly Segmentation[],
  profiles: readonly ColumnProfile[],
): readonly Segmentation[] {
  const described = (list: readonly Segmentation[]) => list.map(describe).join("; ") || "none";
  if (described(first) !== described(second)) {
    throw unlike(
      `The rows are divided otherwise in each profile (${described(first)}, and ${described(second)})`,
      "profile both parts with the same slices, time and segments",
    );
  }
  const fitted = ({ segments, ...segmentation }: Segmentation): Segmentation => ({
    ...segmentation,
    segments: segments.map((segment) => fitSegment(segment, profiles)),
  });
  return first.map((segmentation, place) =>
    mergeSegmentation(fitted(segmentation), fitted(second[place] ?? segmentation)),
  );
}

function describe({ kind, column, bucketMs, limit }: Segmentation): string {
  return `${kind} by "${column}"${bucketMs === null ? "" : ` of ${bucketMs} ms`}, at most ${limit}`;
}

function mergeSegmentation(first: Segmentation, second: Segmentation): Segmentation {
  const segments = new Map(first.segments.map((segment) => [segment.value, segment]));
  for (const segment of second.segments) {
    const known = segments.get(segment.value);
    segments.set(segment.value, known === undefined ? segment : mergeSegment(known, segment));
  }
  const kept = [...segments.values()].sort(byValue);
  const surplus = kept.splice(first.limit).reduce((sum, { rows }) => sum + rows, 0);
  return {
    ...first,
    segments: kept,
    otherRows: first.otherRows + second.otherRows + surplus,
    missingRows: first.missingRows + second.missingRows,
  };
}

/** A part that has no value of a column knows neither its kind nor its bins: it takes those of the merged column. */
function fitSegment({ value, rows, columns }: Segment, profiles: readonly ColumnProfile[]): Segment {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const fitted = profiles.map((profile): SegmentColumn => {
    const column = byName.get(profile.name);
    if (column !== undefined && column.kind === profile.kind && column.count > 0) return column;
    const cuts = "histogram" in profile ? profile.histogram.cuts : [];
    const empty = summariseSegment(profile.kind, { cuts, categories: Number.POSITIVE_INFINITY }).close(
      profile,
      rows,
    );
    if (!("nan" in empty) || column === undefined || !("nan" in column)) return empty;
    return { ...empty, nulls: column.nulls, nan: column.nan, infinite: column.infinite };
  });
  return { value, rows, columns: fitted };
}

function mergeSegment(first: Segment, second: Segment): Segment {
  return {
    value: first.value,
    rows: first.rows + second.rows,
    columns: first.columns.map((column, place) => mergeColumn(column, second.columns[place] ?? column)),
  };
}

function mergeColumn(first: SegmentColumn, second: SegmentColumn): SegmentColumn {
  const nulls = first.nulls + second.nulls;
  const count = first.count + second.count;
  if (first.kind === "number" || first.kind === "time") {
    const other = second as typeof first;
    return {
      ...first,
      nulls,
      nan: first.nan + other.nan,
      infinite: first.infinite + other.infinite,
      ...mergeRange(first, other),
      moments: mergeMomentsOf(first, other),
      histogram: mergeHistograms(first.histogram, other.histogram, first.name),
    };
  }
  if (first.kind === "boolean") {
    return { ...first, nulls, count, trues: first.trues + (second as typeof first).trues };
  }
  if (first.kind === "tensor") return { ...first, nulls, count };
  const { empty, categories } = second as typeof first;
  const joined = mergeCategories(first.categories, categories);
  return { ...first, nulls, count, empty: first.empty + empty, categories: joined };
}
