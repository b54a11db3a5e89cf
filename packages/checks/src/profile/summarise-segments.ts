import type { Column } from "../batch/column.ts";
import type { ColumnProfile } from "./column-profile.ts";
import { canDivide, createGrouper, MISSING, OTHER, orderByGroup, type SegmentValue } from "./group-rows.ts";
import type { Segment, Segmentation } from "./segmentation.ts";
import { type RunningSegmentColumn, summariseSegment } from "./summarise-segment.ts";

/** By what the rows are divided. */
export interface SegmentationPlan extends Pick<Segmentation, "kind" | "column" | "bucketMs" | "limit"> {
  /** Whether a column that is not there, or cannot divide, is an error; else its rows count as missing. */
  readonly required: boolean;
}

/** One column of the table: what is known of it so far. */
export interface SegmentedColumn {
  readonly column: Column;
  /** The kind of its values; null when none has come yet. */
  readonly kind: ColumnProfile["kind"] | null;
  readonly cuts: readonly number[];
  /** In which bin each row's number lies. */
  readonly bins: Int32Array;
}

/** The segments of a table while they are gathered. */
export interface RunningSegments {
  add(columns: readonly SegmentedColumn[], rows: number): void;
  close(profiles: readonly ColumnProfile[]): Segmentation;
}

interface Running {
  rows: number;
  readonly columns: (RunningSegmentColumn | undefined)[];
}

/** @param categories most texts of a column that are counted one by one */
export function summariseSegments(plan: SegmentationPlan, categories: number): RunningSegments {
  const grouper = createGrouper(plan.bucketMs, plan.limit);
  const segments: Running[] = [];
  let otherRows = 0;
  let missingRows = 0;

  function add(columns: readonly SegmentedColumn[], rows: number): void {
    const divider = columns.find(({ column }) => column.name === plan.column);
    if (divider === undefined || (!plan.required && !canDivide(divider.column.kind, plan.bucketMs))) {
      missingRows += rows;
      return;
    }
    const groups = grouper.group(divider.column, rows);
    for (const group of groups) {
      if (group === MISSING) missingRows += 1;
      else if (group === OTHER) otherRows += 1;
    }
    while (segments.length < grouper.values.length) segments.push({ rows: 0, columns: [] });
    const { order, starts } = orderByGroup(groups, segments.length);
    for (const [group, segment] of segments.entries()) {
      const own = order.subarray(starts[group], starts[group + 1]);
      if (own.length === 0) continue;
      segment.rows += own.length;
      for (const [at, { column, kind, cuts, bins }] of columns.entries()) {
        if (kind !== column.kind) continue;
        segment.columns[at] ??= summariseSegment(kind, { cuts, categories });
        segment.columns[at].add(column, own, bins);
      }
    }
  }

  function close(profiles: readonly ColumnProfile[]): Segmentation {
    const closed = segments.map(
      ({ rows, columns }, place): Segment => ({
        value: grouper.values[place] as SegmentValue,
        rows,
        columns: profiles.map((profile, at) => {
          const cuts = "histogram" in profile ? profile.histogram.cuts : [];
          return (columns[at] ?? summariseSegment(profile.kind, { cuts, categories })).close(profile, rows);
        }),
      }),
    );
    const { kind, column, bucketMs, limit } = plan;
    return { kind, column, bucketMs, limit, segments: closed.sort(byValue), otherRows, missingRows };
  }

  return { add, close };
}

/** Rising by value. */
export function byValue({ value: a }: Segment, { value: b }: Segment): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
