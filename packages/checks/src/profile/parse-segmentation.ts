import type { JsonObject } from "../json/json.ts";
import type { ColumnProfile } from "./column-profile.ts";
import type { SegmentValue } from "./group-rows.ts";
import { parseCategories, parseHistogram, parseMoments, parseRange } from "./parse-column-profile.ts";
import { readProfile as read } from "./profile-reader.ts";
import type { Segment, Segmentation, SegmentColumn } from "./segmentation.ts";

interface Whole {
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
}

/** @param whole what was divided */
export function parseSegmentation(value: unknown, path: string, whole: Whole): Segmentation {
  const segmentation = read.object(value, path);
  const kind = read.oneOf(["slices", "buckets"], segmentation.kind, `${path}.kind`);
  const bucketMs =
    segmentation.bucketMs === null ? null : read.whole(segmentation.bucketMs, `${path}.bucketMs`);
  if ((kind === "buckets") !== (bucketMs !== null)) {
    read.fail(`${path}.bucketMs`, bucketMs, "milliseconds of buckets, null of slices");
  }
  const limit = read.whole(segmentation.limit, `${path}.limit`);
  const listed = read.list(segmentation.segments, `${path}.segments`);
  if (listed.length > limit) read.fail(`${path}.segments`, listed, `a list of at most ${limit} segments`);
  const segments = listed.map((segment, place) => parseSegment(segment, `${path}.segments[${place}]`, whole));
  const otherRows = read.whole(segmentation.otherRows, `${path}.otherRows`);
  const missingRows = read.whole(segmentation.missingRows, `${path}.missingRows`);
  const counts = [...segments.map(({ rows }) => rows), otherRows, missingRows];
  read.total(counts, `${path}.segments`, [whole.rows, "the profile's rows"]);
  const column = read.string(segmentation.column, `${path}.column`);
  return { kind, column, bucketMs, limit, segments, otherRows, missingRows };
}

function parseSegment(value: unknown, path: string, { columns }: Whole): Segment {
  const segment = read.object(value, path);
  const rows = read.whole(segment.rows, `${path}.rows`);
  const listed = read.list(segment.columns, `${path}.columns`);
  if (listed.length !== columns.length) {
    read.fail(`${path}.columns`, listed, `a list of the profile's ${columns.length} columns`);
  }
  return {
    value: parseValue(segment.value, `${path}.value`),
    rows,
    columns: columns.map((column, place) =>
      parseColumn(listed[place], `${path}.columns[${place}]`, { column, rows }),
    ),
  };
}

function parseValue(value: unknown, path: string): SegmentValue {
  if (typeof value === "string" || typeof value === "boolean") return value;
  return read.finite(value, path);
}

interface Known {
  readonly column: ColumnProfile;
  readonly rows: number;
}

function parseColumn(value: unknown, path: string, { column: { kind, name }, rows }: Known): SegmentColumn {
  const column = read.ofColumn(value, path, { name, kind });
  const parsed = parseKind(column, path, { kind, name });
  read.rows(parsed, path, [rows, "the segment's rows"]);
  return parsed;
}

function parseKind(
  column: JsonObject,
  path: string,
  { kind, name }: Pick<ColumnProfile, "kind" | "name">,
): SegmentColumn {
  const whole = (key: string) => read.whole(column[key], `${path}.${key}`);
  const nulls = whole("nulls");
  const count = whole("count");
  switch (kind) {
    case "number":
    case "time":
      return {
        kind,
        name,
        nulls,
        nan: whole("nan"),
        infinite: whole("infinite"),
        ...parseRange(column, path, count),
        moments: parseMoments(column.moments, `${path}.moments`),
        histogram: parseHistogram(column.histogram, `${path}.histogram`, count),
      };
    case "boolean":
      return { kind, name, nulls, count, trues: read.part(column.trues, `${path}.trues`, count) };
    case "text": {
      const categories = parseCategories(column.categories, `${path}.categories`, count);
      const empty = read.part(column.empty, `${path}.empty`, count);
      return { kind, name, nulls, count, empty, categories };
    }
    case "tensor":
      return { kind, name, nulls, count };
  }
}
