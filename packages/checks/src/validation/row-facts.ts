import type { ColumnBatch } from "../batch/column-batch.ts";
import { rowKey, rowLanes } from "./row-keys.ts";
import { createSeenRows } from "./seen-rows.ts";
import { createSpots, type Spots } from "./spots.ts";

/** What can only be known of whole rows. */
export interface RowFacts {
  readonly rows: number;
  /** Rows that repeat an earlier one. */
  readonly duplicates: Spots;
  /** Rows that repeat an earlier one but for the columns that name rows. */
  readonly alike: Spots;
  /** Rows whose features were seen before with another label; none without a label. */
  readonly conflicts: Spots;
  /** Per key, the rows that repeat its values. */
  readonly repeats: readonly Spots[];
  /** Rows that are in the reference. */
  readonly overlap: Spots;
}

/** Row facts while rows come. */
export interface RunningRowFacts {
  add(batch: ColumnBatch, firstRow: number): void;
  close(): RowFacts;
}

/** Which rows to know again, and by what. */
export interface RowFactsOptions {
  readonly label?: string | undefined;
  readonly keys?: readonly (readonly string[])[];
  /** Columns that name rows: whether rows conflict, or are in the reference, is told without them. */
  readonly apart?: ReadonlySet<string>;
  /** Whether a row is in the reference, by its key; of the columns that both have, but for those `apart`. */
  readonly reference?: ReferenceRows | null;
}

/** The rows of a reference. */
export interface ReferenceRows {
  readonly columns: ReadonlySet<string>;
  readonly rows: number;
  /** How many of them repeat an earlier one. */
  readonly repeats: number;
  has(key: number): boolean;
}

export function createRowFacts({
  label,
  keys = [],
  apart = new Set(),
  reference = null,
}: RowFactsOptions): RunningRowFacts {
  const whole = createSeenRows();
  const features = createSeenRows();
  const nameless = createSeenRows();
  const byKey = keys.map((names) => ({
    names: new Set(names),
    seen: createSeenRows(),
    spots: createSpots(),
  }));
  const [duplicates, conflicts, overlap] = [createSpots(), createSpots(), createSpots()];
  const alike = apart.size === 0 ? duplicates : createSpots();
  let rows = 0;

  function add(batch: ColumnBatch, firstRow: number): void {
    rows += batch.rows;
    const lanes = rowLanes(batch);
    for (let row = 0; row < batch.rows; row += 1) {
      if (whole.see(rowKey(lanes, row), 0) !== undefined) duplicates.add(firstRow + row);
    }
    addConflicts(batch, firstRow);
    if (apart.size > 0) addAlike(batch, firstRow);
    for (const { names, seen, spots } of byKey) {
      const own = rowLanes(batch, names);
      for (let row = 0; row < batch.rows; row += 1)
        if (seen.see(rowKey(own, row), 0) !== undefined) spots.add(firstRow + row);
    }
    if (reference === null || reference.columns.size === 0) return;
    const shared = rowLanes(batch, reference.columns);
    for (let row = 0; row < batch.rows; row += 1)
      if (reference.has(rowKey(shared, row))) overlap.add(firstRow + row);
  }

  /** Without the columns that name rows; of columns that all do, nothing is told. */
  function others(batch: ColumnBatch): Set<string> {
    return new Set(batch.columns.map(({ name }) => name).filter((name) => !apart.has(name)));
  }

  function addAlike(batch: ColumnBatch, firstRow: number): void {
    const names = others(batch);
    if (names.size === 0) return;
    const lanes = rowLanes(batch, names);
    for (let row = 0; row < batch.rows; row += 1)
      if (nameless.see(rowKey(lanes, row), 0) !== undefined) alike.add(firstRow + row);
  }

  function addConflicts(batch: ColumnBatch, firstRow: number): void {
    if (label === undefined || !batch.columns.some(({ name }) => name === label)) return;
    const names = others(batch);
    names.delete(label);
    if (names.size === 0) return;
    const lanes = rowLanes(batch, names);
    const labels = rowLanes(batch, new Set([label])).first;
    for (let row = 0; row < batch.rows; row += 1) {
      const own = (labels[row] as number) | 0;
      const before = features.see(rowKey(lanes, row), own);
      if (before !== undefined && before !== own) conflicts.add(firstRow + row);
    }
  }

  return {
    add,
    close: () => ({
      rows,
      duplicates,
      alike,
      conflicts,
      repeats: byKey.map(({ spots }) => spots),
      overlap,
    }),
  };
}

/** Remembers the rows of a reference by the columns that a window has, too. */
export async function readReferenceRows(
  batches: AsyncIterable<ColumnBatch>,
  columns: ReadonlySet<string>,
): Promise<ReferenceRows> {
  const seen = createSeenRows();
  let shared: ReadonlySet<string> | null = null;
  let rows = 0;
  let repeats = 0;
  for await (const batch of batches) {
    shared ??= new Set(batch.columns.map(({ name }) => name).filter((name) => columns.has(name)));
    const lanes = rowLanes(batch, shared);
    for (let row = 0; row < batch.rows; row += 1) {
      if (seen.see(rowKey(lanes, row), 0) !== undefined) repeats += 1;
    }
    rows += batch.rows;
  }
  return { columns: shared ?? new Set(), rows, repeats, has: seen.has };
}
