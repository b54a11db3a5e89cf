import { createClassNames } from "../../answers/class-names.ts";
import { findColumn, numbersOf } from "../../answers/find-column.ts";
import type { ColumnBatch } from "../../batch/column-batch.ts";
import { rankColumn } from "../rank-correlation.ts";

/** What is to be predicted, by row. */
export type Target =
  | {
      readonly kind: "classes";
      /** Rows of each class; 0 of one that is too rare to be judged. */
      readonly counts: readonly number[];
      /** The place of each row's class; -1 where it has none, or one that is too rare. */
      readonly values: Int32Array;
    }
  | {
      readonly kind: "values";
      /** The rank of each row's value, so that a long tail does not drown the others; NaN where there is none. */
      readonly values: Float64Array;
    };

/** How a label is to be read; `auto` takes whole numbers of few values for classes. */
export type Task = "auto" | "classification" | "regression";

/** More different numbers than this are values to be estimated, where the task is not given. */
const FEW = 20;
const MOST_CLASSES = 100;
/** Of fewer rows of a class nothing is told. */
const FEWEST = 10;

/** @throws AnswersError when the label is not there, or is no column of classes or values */
export function readTarget(batch: ColumnBatch, label: string, task: Task): Target {
  const column = findColumn(batch, label, "label");
  const estimated =
    task === "regression" || (task === "auto" && column.kind === "number" && !isFew(column.values));
  if (estimated) return { kind: "values", values: rankColumn(numbersOf(batch, label, "label")).ranks };
  const names = createClassNames();
  const values = names.places(column, batch.rows);
  return { kind: "classes", ...judgedClasses(values, names.names.length) };
}

function isFew(values: Float64Array): boolean {
  const seen = new Set<number>();
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (!Number.isInteger(value) || seen.size > FEW) return false;
    seen.add(value);
  }
  return seen.size <= FEW;
}

/** Leaves out classes of few rows, and the rarest of very many. */
function judgedClasses(values: Int32Array, classes: number): { counts: number[]; values: Int32Array } {
  const all = new Array<number>(classes).fill(0);
  for (const value of values) if (value >= 0) all[value] = (all[value] as number) + 1;
  const least = Math.max(FEWEST, [...all].sort((a, b) => b - a)[MOST_CLASSES] ?? 0);
  const counts = all.map((count) => (count < least ? 0 : count));
  return { counts, values: values.map((value) => (counts[value] ? value : -1)) };
}
