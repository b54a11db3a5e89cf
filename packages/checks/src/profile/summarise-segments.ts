import type { Column } from "../batch/column.ts";
import type { ColumnProfile } from "./column-profile.ts";
import { canDivide, groupRows, MISSING, OTHER, orderByGroup, type SegmentValue } from "./group-rows.ts";
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

/**
 * Keeps the segments of the least values: those that a part of the data gives up the whole gives up too, so that parts
 * can be merged.
 *
 * @param categories most texts of a column that are counted one by one
 */
export function summariseSegments(plan: SegmentationPlan, categories: number): RunningSegments {
  const segments = new Map<SegmentValue, Running>();
  let ceiling: SegmentValue | null = null;
  let otherRows = 0;
  let missingRows = 0;

  function add(columns: readonly SegmentedColumn[], rows: number): void {
    const divider = columns.find(({ column }) => column.name === plan.column);
    if (divider === undefined || (!plan.required && !canDivide(divider.column.kind, plan.bucketMs))) {
      missingRows += rows;
      return;
    }
    const { values, groups } = groupRows(divider.column, rows, { bucketMs: plan.bucketMs, ceiling });
    makeRoom(values);
    for (const group of groups) {
      if (group === MISSING) missingRows += 1;
      else if (group === OTHER) otherRows += 1;
    }
    const { order, starts } = orderByGroup(groups, values.length);
    for (const [group, value] of values.entries()) {
      const own = order.subarray(starts[group], starts[group + 1]);
      const segment = segments.get(value);
      if (segment === undefined) otherRows += own.length;
      else addRows(segment, own, columns);
    }
  }

  function makeRoom(values: readonly SegmentValue[]): void {
    for (const value of values) if (!segments.has(value)) segments.set(value, { rows: 0, columns: [] });
    if (segments.size <= plan.limit) return;
    const rising = [...segments.keys()].sort(inOrder);
    for (const value of rising.slice(plan.limit)) {
      otherRows += segments.get(value)?.rows ?? 0;
      segments.delete(value);
    }
    ceiling = rising[plan.limit - 1] as SegmentValue;
  }

  function addRows(segment: Running, own: Int32Array, columns: readonly SegmentedColumn[]): void {
    segment.rows += own.length;
    for (const [at, { column, kind, cuts, bins }] of columns.entries()) {
      if (kind !== column.kind) continue;
      segment.columns[at] ??= summariseSegment(kind, { cuts, categories });
      segment.columns[at].add(column, own, bins);
    }
  }

  function close(profiles: readonly ColumnProfile[]): Segmentation {
    const closed = [...segments].map(
      ([value, { rows, columns }]): Segment => ({
        value,
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
  return inOrder(a, b);
}

function inOrder(a: SegmentValue, b: SegmentValue): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
