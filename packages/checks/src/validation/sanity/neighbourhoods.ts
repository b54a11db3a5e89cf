import { type ColumnBatch, columnOf } from "../../batch/column-batch.ts";
import { isValid } from "../../batch/validity.ts";
import type { SliceFeature } from "../../slices/table/slice-table.ts";
import type { Neighbourhood } from "./held-out-loss.ts";

/** Rows to either side that a value is predicted from; the best of them counts. */
const WIDTHS = [5, 25, 200];

/** Rows that look alike in one column: those of the same level, or those with the nearest numbers. */
export function neighbourhoods(
  feature: SliceFeature,
  batch: ColumnBatch,
  rows: Int32Array,
): readonly Neighbourhood[] {
  if (!isContinuous(feature)) return [byLevel(feature, rows)];
  const column = columnOf(batch, feature.column);
  if (column?.kind !== "number" && column?.kind !== "time") return [byLevel(feature, rows)];
  const { values, validity } = column;
  const filled = (row: number) => isValid(validity, row) && !Number.isNaN(values[row]);
  const known = rows.filter(filled).sort((a, b) => (values[a] as number) - (values[b] as number));
  const order = Int32Array.from([...known, ...rows.filter((row) => !filled(row))]);
  return WIDTHS.map((width) => window(order, known.length, width));
}

/** All rows are alike: what is predicted knowing nothing. */
export function everyone(rows: Int32Array): Neighbourhood {
  return {
    order: rows,
    from: new Int32Array(rows.length),
    to: new Int32Array(rows.length).fill(rows.length),
  };
}

/** Whether its values were cut into ranges, not counted one by one. */
export function isContinuous({ parts }: SliceFeature): boolean {
  return parts.some(({ kind }) => kind === "range");
}

function byLevel({ codes }: SliceFeature, rows: Int32Array): Neighbourhood {
  const order = rows.slice().sort((a, b) => (codes[a] as number) - (codes[b] as number));
  const [from, to] = [new Int32Array(order.length), new Int32Array(order.length)];
  for (let start = 0; start < order.length; ) {
    const code = codes[order[start] as number];
    let end = start;
    while (end < order.length && codes[order[end] as number] === code) end += 1;
    from.fill(start, start, end);
    to.fill(end, start, end);
    start = end;
  }
  return { order, from, to };
}

/** @param known rows with a value; those without, which come last, are alike */
function window(order: Int32Array, known: number, width: number): Neighbourhood {
  const missing = (at: number) => at >= known;
  return {
    order,
    from: order.map((_, at) => (missing(at) ? known : Math.max(0, at - width))),
    to: order.map((_, at) => (missing(at) ? order.length : Math.min(known, at + width + 1))),
  };
}
