import { AnswersError } from "../../answers/answers-error.ts";
import type { ModelRoles } from "../../answers/model-roles.ts";
import { cellOf } from "../../batch/cell-of.ts";
import { type ColumnBatch, columnOf } from "../../batch/column-batch.ts";
import { takeRows } from "../../batch/take-rows.ts";
import { createPerformanceMeter, type PerformanceMeter } from "../measure-performance.ts";
import type { PerformanceOptions } from "../performance-options.ts";
import type { Performance } from "../performance-report.ts";

/** How well a model does on the rows of each value of some columns. */
export interface SliceMeters {
  /** @throws ChecksError SCANFLOW_ANSWERS_INVALID when a column is not there, or has more than 100 values */
  add(batch: ColumnBatch): void;
  /** By slice, such as `city=Oslo`; null where no row of it could be measured. */
  finish(): ReadonlyMap<string, Performance | null>;
}

const MOST_VALUES = 100;

export function createSliceMeters(
  columns: readonly string[],
  roles: ModelRoles,
  options: PerformanceOptions,
): SliceMeters {
  const meters = columns.map((column) => ({ column, slices: new Map<string, PerformanceMeter>() }));

  function add(batch: ColumnBatch): void {
    for (const { column, slices } of meters) {
      for (const [value, rows] of rowsByValue(batch, column)) {
        const meter = slices.get(value) ?? createPerformanceMeter(roles, options);
        slices.set(value, meter);
        if (slices.size > MOST_VALUES) throw tooManyValues(column);
        whereAnswered(() => meter.add(takeRows(batch, rows)));
      }
    }
  }

  function finish(): Map<string, Performance | null> {
    return new Map(
      meters.flatMap(({ column, slices }) =>
        Array.from(slices, ([value, meter]) => [
          `${column}=${value}`,
          whereAnswered(() => meter.finish()) ?? null,
        ]),
      ),
    );
  }

  return { add, finish };
}

/** A slice without an answer or a label is not judged; the others are. */
function whereAnswered<Result>(measure: () => Result): Result | undefined {
  try {
    return measure();
  } catch (error) {
    if (error instanceof AnswersError) return undefined;
    throw error;
  }
}

function rowsByValue(batch: ColumnBatch, name: string): Map<string, number[]> {
  const column = columnOf(batch, name);
  if (column === undefined || column.kind === "tensor") {
    const found = column === undefined ? "is not in the table" : "holds arrays";
    throw new AnswersError(name, `Column "${name}" ${found}: name columns to slice by in "slices".`);
  }
  const found = new Map<string, number[]>();
  for (let row = 0; row < batch.rows; row += 1) {
    const cell = cellOf(column, row);
    const value = cell === null ? "(missing)" : String(cell);
    const rows = found.get(value);
    if (rows) rows.push(row);
    else found.set(value, [row]);
    if (found.size > MOST_VALUES) throw tooManyValues(name);
  }
  return found;
}

function tooManyValues(name: string): AnswersError {
  return new AnswersError(
    name,
    `Column "${name}" has more than ${MOST_VALUES} values: name one with fewer in "slices", or let the check "slices" cut it.`,
  );
}
