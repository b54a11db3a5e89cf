import { checkBatch } from "../batch/check-batch.ts";
import type { Column } from "../batch/column.ts";
import type { ColumnBatch } from "../batch/column-batch.ts";
import { createFloatSorter } from "../maths/sort.ts";
import type { Profile } from "./profile.ts";
import { completeProfileOptions, type ProfileOptions } from "./profile-options.ts";
import { sampleRows } from "./sample-rows.ts";
import { summariseSegments } from "./summarise-segments.ts";
import { createTableColumn, type TableColumn } from "./table-column.ts";
import { unfitting } from "./unfitting-column.ts";

/** Rows that are waited for before bins are chosen. */
const FIRST_ROWS = 10_000;

/** Makes a profile of batches as they come. */
export interface Profiler {
  /** @throws ChecksError SCANFLOW_COLUMN_INVALID when a batch is none, or its columns are others than the first one's */
  add(batch: ColumnBatch): void;
  /** The profile of all that was added; nothing can be added afterwards. */
  finish(): Profile;
}

/**
 * Summarises a table in one pass over its batches, in bounded memory. Bins are chosen from the first 10,000 rows, or
 * taken over from `like`, and then every row is counted in them.
 *
 * ```ts
 * import { batchOf, createProfiler } from "@scanflow/checks";
 *
 * const profiler = createProfiler({ seed: 1 });
 * profiler.add(batchOf({ age: [31, 54], city: ["Bonn", "Graz"] }));
 * profiler.add(batchOf({ age: [28, null], city: ["Graz", "Graz"] }));
 * const profile = profiler.finish();
 * console.log(profile.rows, profile.columns.map(({ name, nulls }) => `${name}: ${nulls}`)); // 4 [ 'age: 1', 'city: 0' ]
 * ```
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID when an option is outside its range
 */
export function createProfiler(options: ProfileOptions): Profiler {
  const settings = { ...completeProfileOptions(options), sort: createFloatSorter() };
  const sample = sampleRows(settings.sampleSize, settings.seed);
  const { plans, categories } = settings;
  const segments = plans.map((plan) => summariseSegments(plan, categories));
  let columns: TableColumn[] | null = null;
  let waiting: ColumnBatch[] = [];
  let rows = 0;
  let finished = false;

  function add(batch: ColumnBatch): void {
    if (finished) throw unfitting("The profiler has finished", "Make another one for more rows.");
    checkBatch(batch);
    columns ??= firstColumns(batch);
    const ordered = { rows: batch.rows, columns: inOrder(columns, batch.columns) };
    for (const [place, column] of ordered.columns.entries()) columns[place]?.check(column, batch.rows);
    sample.add(ordered, settings.firstRow + rows);
    rows += batch.rows;
    waiting.push(ordered);
    if (rows >= FIRST_ROWS) drain(false);
  }

  function firstColumns(batch: ColumnBatch): TableColumn[] {
    const dividers = plans.filter(({ required }) => required).map(({ column }) => column);
    needColumns(batch, dividers);
    return batch.columns.map(({ name }) => createTableColumn(name, settings));
  }

  function drain(complete: boolean): void {
    for (const [place, column] of (columns ?? []).entries()) {
      const parts = waiting.map((batch) => ({ rows: batch.rows, column: batch.columns[place] as Column }));
      column.add(parts, complete);
    }
    if (segments.length > 0) for (const batch of waiting) addToSegments(batch);
    waiting = [];
  }

  function addToSegments(batch: ColumnBatch): void {
    const known = (columns ?? []).map((column, place) =>
      column.segmented(batch.columns[place] as Column, batch.rows),
    );
    for (const running of segments) running.add(known, batch.rows);
  }

  function finish(): Profile {
    drain(true);
    finished = true;
    const { seed, firstRow } = settings;
    const profiles = (columns ?? []).map((column) => column.close());
    return {
      format: "scanflow-profile",
      version: 2,
      seed,
      rows,
      spans: rows === 0 ? [] : [[firstRow, firstRow + rows]],
      columns: profiles,
      sample: sample.close(profiles),
      segmentations: segments.map((running) => running.close(profiles)),
    };
  }

  return { add, finish };
}

/** @param dividers columns whose values divide the rows */
function needColumns({ columns }: ColumnBatch, dividers: readonly string[]): void {
  const names = new Set(columns.map(({ name }) => name));
  const absent = dividers.find((name) => !names.has(name));
  if (absent === undefined) return;
  throw unfitting(
    `Column "${absent}" is to divide the rows, but it is not in the data`,
    `Name one of ${[...names].slice(0, 20).join(", ")}.`,
  );
}

function inOrder(known: readonly TableColumn[], columns: readonly Column[]): readonly Column[] {
  if (known.length === columns.length && known.every(({ name }, at) => name === columns[at]?.name))
    return columns;
  const byName = new Map(columns.map((column) => [column.name, column]));
  const ordered = known.map(({ name }) => {
    const column = byName.get(name);
    if (column === undefined) throw unfitting(`Column "${name}" is missing in a later batch`);
    byName.delete(name);
    return column;
  });
  const [extra] = byName.keys();
  if (extra !== undefined) throw unfitting(`Column "${extra}" is not among those of the first batch`);
  return ordered;
}
