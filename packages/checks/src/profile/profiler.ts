import type { Column } from "../batch/column.ts";
import type { ColumnBatch } from "../batch/column-batch.ts";
import { createFloatSorter } from "../maths/sort.ts";
import type { Profile } from "./profile.ts";
import { completeProfileOptions, type ProfileOptions } from "./profile-options.ts";
import { sampleRows } from "./sample-rows.ts";
import { createTableColumn, type TableColumn } from "./table-column.ts";
import { unfitting } from "./unfitting-column.ts";

/** Rows that are waited for before bins are chosen. */
const FIRST_ROWS = 10_000;

/** Makes a profile of batches as they come. */
export interface Profiler {
  /** @throws ChecksError SCANFLOW_COLUMN_INVALID when the columns are others than those of the first batch */
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
  let columns: TableColumn[] | null = null;
  let waiting: ColumnBatch[] = [];
  let rows = 0;
  let finished = false;

  function add(batch: ColumnBatch): void {
    if (finished) throw unfitting("The profiler has finished: make another one for more rows.");
    columns ??= batch.columns.map(({ name }) => createTableColumn(name, settings));
    const ordered = { rows: batch.rows, columns: inOrder(columns, batch.columns) };
    for (const [place, column] of ordered.columns.entries()) columns[place]?.check(column, batch.rows);
    sample.add(ordered, settings.firstRow + rows);
    rows += batch.rows;
    waiting.push(ordered);
    if (rows >= FIRST_ROWS) drain(false);
  }

  function drain(complete: boolean): void {
    for (const [place, column] of (columns ?? []).entries()) {
      const parts = waiting.map((batch) => ({ rows: batch.rows, column: batch.columns[place] as Column }));
      column.add(parts, complete);
    }
    waiting = [];
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
      segmentations: [],
    };
  }

  return { add, finish };
}

function inOrder(known: readonly TableColumn[], columns: readonly Column[]): Column[] {
  const names = known.map(({ name }) => name).join(", ");
  const extra = columns.find((column) => !known.some(({ name }) => name === column.name));
  if (extra !== undefined)
    throw unfitting(`Column "${extra.name}" is not among those of the first batch: ${names}`);
  return known.map(({ name }, place) => {
    const column =
      columns[place]?.name === name ? columns[place] : columns.find((other) => other.name === name);
    if (column === undefined) throw unfitting(`Column "${name}" is missing in a later batch`);
    return column;
  });
}
