import type { Column } from "../batch/column.ts";
import type { ColumnBatch } from "../batch/column-batch.ts";
import { countValid } from "../batch/validity.ts";
import { ChecksError } from "../errors.ts";
import { createFloatSorter, type FloatSorter } from "../maths/sort.ts";
import { type ColumnPart, chooseCuts, cutsOf } from "./choose-cuts.ts";
import type { ColumnProfile } from "./column-profile.ts";
import type { Profile } from "./profile.ts";
import {
  type CompleteProfileOptions,
  completeProfileOptions,
  type ProfileOptions,
} from "./profile-options.ts";
import { columnProfile } from "./profile-parts.ts";
import type { RunningColumn } from "./running-column.ts";
import { sampleRows } from "./sample-rows.ts";
import { summariseColumn } from "./summarise-column.ts";

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
    if (finished) throw wrong("The profiler has finished: make another one for more rows.");
    columns ??= batch.columns.map(({ name }) => createTableColumn(name, settings));
    const ordered = { rows: batch.rows, columns: inOrder(columns, batch.columns) };
    for (const [place, column] of ordered.columns.entries()) columns[place]?.check(column, batch.rows);
    sample.add(ordered, settings.firstRow + rows);
    rows += batch.rows;
    waiting.push(ordered);
    if (rows >= FIRST_ROWS) drain();
  }

  function drain(): void {
    for (const [place, column] of (columns ?? []).entries()) {
      column.add(waiting.map((batch) => ({ rows: batch.rows, column: batch.columns[place] as Column })));
    }
    waiting = [];
  }

  function finish(): Profile {
    drain();
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

interface TableColumn {
  readonly name: string;
  /** Throws when the column is of another kind than before. */
  check(column: Column, rows: number): void;
  add(parts: readonly ColumnPart[]): void;
  close(): ColumnProfile;
}

/** A column whose kind is that of its first value: one that is missing altogether fits any. */
function createTableColumn(
  name: string,
  settings: CompleteProfileOptions & { readonly sort: FloatSorter },
): TableColumn {
  const known = settings.like === undefined ? undefined : columnProfile(settings.like, name);
  let kind: Column["kind"] | null = null;
  let emptyKind: Column["kind"] = "number";
  let running: RunningColumn | null = null;
  let absent = 0;

  function start(first: Column["kind"], parts: readonly ColumnPart[]): RunningColumn {
    const cuts = known?.kind === first ? cutsOf(known) : chooseCuts(parts, settings.bins);
    const { seed, firstRow, categories, sort } = settings;
    return summariseColumn(first, { seed, firstRow, sort, name, cuts, categories });
  }

  return {
    name,
    check(column, rows) {
      if (kind === column.kind || countValid(column.validity, rows) === 0) return;
      if (kind !== null) throw wrong(`Column "${name}" holds ${kind}s and then ${column.kind}s`);
      kind = column.kind;
    },
    add(parts) {
      for (const { column, rows } of parts) if (kind === null && rows > 0) emptyKind = column.kind;
      const own = parts.filter(({ column }) => column.kind === kind);
      for (const { column, rows } of parts) if (column.kind !== kind) absent += rows;
      if (kind !== null) running ??= start(kind, own);
      for (const { column, rows } of own) running?.add(column, rows);
    },
    close() {
      const profile = (running ?? start(known?.kind ?? emptyKind, [])).close();
      return { ...profile, nulls: profile.nulls + absent };
    },
  };
}

function inOrder(known: readonly TableColumn[], columns: readonly Column[]): Column[] {
  const names = known.map(({ name }) => name).join(", ");
  const extra = columns.find((column) => !known.some(({ name }) => name === column.name));
  if (extra !== undefined)
    throw wrong(`Column "${extra.name}" is not among those of the first batch: ${names}`);
  return known.map(({ name }, place) => {
    const column =
      columns[place]?.name === name ? columns[place] : columns.find((other) => other.name === name);
    return column ?? fail(`Column "${name}" is missing in a later batch`);
  });
}

function fail(reason: string): never {
  throw wrong(reason);
}

function wrong(reason: string): ChecksError {
  return new ChecksError(
    "SCANFLOW_COLUMN_INVALID",
    `${reason}. Give batches of one table: the same columns, of the same kinds.`,
  );
}
