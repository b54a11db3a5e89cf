import type { ColumnBatch } from "../../batch/column-batch.ts";
import { concatBatches } from "../../batch/concat-batches.ts";
import { countCells } from "../../slices/search/count-cells.ts";
import { encodeFeatures } from "../../slices/table/encode-features.ts";
import { joinParts } from "../../slices/table/join-parts.ts";
import { describeSlice } from "../../slices/table/slice-condition.ts";
import type { SliceFeature } from "../../slices/table/slice-table.ts";
import { adjustPValues } from "../../statistics/adjust-p-values.ts";
import { hypergeometricTails } from "../../statistics/hypergeometric-tails.ts";
import { beyondOther } from "./beyond-other.ts";

/** Rows that have the same level, or numbers of the same range, in one or two columns. */
export interface Region {
  readonly columns: readonly string[];
  readonly text: string;
  /** Share of the reference's rows that lie in it, and of the window's. */
  readonly before: number;
  readonly now: number;
  /** Whether a row of the window lies in it. */
  readonly holds: (row: number) => boolean;
}

/** What is looked for. */
export interface RegionOptions {
  /** The least share of one table that is worth naming. */
  readonly minimumRegion: number;
  /** The chance that any region is named when both tables are of one source. */
  readonly level: number;
}

/** A region is as good as empty on one side when it has less than this part of the other side's share. */
const THIN = 0.1;
const FEWEST = 30;
const MOST = 20;
/** How many are compared with each other to name each hole once. */
const COMPARED = 300;

/**
 * Where one of two tables has rows and the other has none, or next to none. Looked at are all levels of texts; numbers
 * cut into 50 parts of equal size (of both tables together), and what lies beyond the other's extremes; and all pairs
 * of columns, with numbers cut into five. A region counts when the share of one table is at least `minimumRegion`,
 * that of the other less than a tenth of it, and chance explains it with less than `level`: the hypergeometric chance
 * of as few rows, corrected over all regions that have rows enough (Benjamini and Hochberg). Parts of a number that lie
 * side by side are told as one, and a region that lies mostly in another one is not told.
 *
 * @param names columns that both tables have, of the same kind
 * @returns the largest first
 */
export function uncoveredRegions(
  [reference, window]: readonly [ColumnBatch, ColumnBatch],
  names: readonly string[],
  options: RegionOptions,
): Region[] {
  if (names.length === 0 || Math.min(reference.rows, window.rows) < FEWEST) return [];
  const chosen = ({ rows, columns }: ColumnBatch): ColumnBatch => ({
    rows,
    columns: names.flatMap((name) => columns.filter((column) => column.name === name)),
  });
  const both = concatBatches([chosen(reference), chosen(window)]);
  const sides: Sides = { reference: reference.rows, window: window.rows };
  const fine = encodeFeatures(both, { columns: names, bins: 50, levels: 100 }).features;
  const coarse = encodeFeatures(both, { columns: names, bins: 5, levels: 20 }).features;
  const marked = new Float64Array(both.rows).fill(1, reference.rows);
  const cells = [
    ...[...fine, ...beyondOther(both, reference.rows)].flatMap((feature) =>
      cellsOf([feature], marked, sides),
    ),
    ...coarse.flatMap((first, at) =>
      coarse.slice(at + 1).flatMap((second) => cellsOf([first, second], marked, sides)),
    ),
  ].filter((cell) => extent(cell) >= options.minimumRegion);
  const adjusted = adjustPValues(cells.map((cell) => chanceOf(cell, sides)));
  const holes = cells.filter((cell, at) => isThin(cell) && (adjusted[at] as number) <= options.level);
  const found = joinNeighbours(holes)
    .sort((a, b) => a.features.length - b.features.length || extent(b) - extent(a))
    .slice(0, COMPARED);
  const named: Cell[] = [];
  for (const cell of found) {
    if (named.length >= MOST) break;
    if (!named.some((other) => liesIn(cell, other, both.rows))) named.push(cell);
  }
  return named.sort((a, b) => extent(b) - extent(a)).map((cell) => regionOf(cell, reference.rows));
}

interface Sides {
  readonly reference: number;
  readonly window: number;
}

/** Rows with one of some codes in each of one or two features. */
interface Cell {
  readonly features: readonly SliceFeature[];
  readonly codes: readonly ReadonlySet<number>[];
  readonly rows: number;
  readonly inWindow: number;
  readonly before: number;
  readonly now: number;
}

function cellsOf(features: readonly SliceFeature[], marked: Float64Array, sides: Sides): Cell[] {
  const { rows, losses } = countCells(features, marked);
  const last = features.at(-1)?.parts.length ?? 1;
  return Array.from(rows.keys()).flatMap((cell): Cell[] => {
    const all = rows[cell] as number;
    const inWindow = losses[cell] as number;
    if (all === 0) return [];
    const codes = features.length === 1 ? [cell] : [Math.floor(cell / last), cell % last];
    return [
      {
        features,
        codes: codes.map((code) => new Set([code])),
        rows: all,
        inWindow,
        before: (all - inWindow) / sides.reference,
        now: inWindow / sides.window,
      },
    ];
  });
}

/** Of as few rows of the emptier side; of regions that are not thin it does not matter, and is taken for 1. */
function chanceOf(cell: Cell, { reference, window }: Sides): number {
  if (!isThin(cell)) return 1;
  const { rows, inWindow, before, now } = cell;
  const others = reference + window - rows;
  // As many or more of the fuller side are as few or fewer of the emptier.
  const [drawn, hits] = before > now ? [reference, rows - inWindow] : [window, inWindow];
  return Math.min(1, 2 * hypergeometricTails({ marked: rows, others, drawn }, hits).upper);
}

function isThin({ before, now }: Cell): boolean {
  return Math.min(before, now) < THIN * Math.max(before, now);
}

function extent({ before, now }: Pick<Cell, "before" | "now">): number {
  return Math.max(before, now);
}

/** Parts of one ordered feature, side by side and empty on the same side, as one. */
function joinNeighbours(cells: readonly Cell[]): Cell[] {
  const joined: Cell[] = [];
  for (const cell of cells) {
    const before = joined.at(-1);
    const [feature] = cell.features;
    const [code] = [...(cell.codes[0] ?? [])];
    const follows =
      before !== undefined &&
      cell.features.length === 1 &&
      before.features[0] === feature &&
      before.features.length === 1 &&
      feature?.ordered &&
      before.codes[0]?.has((code ?? 0) - 1) &&
      before.now > before.before === cell.now > cell.before;
    if (!follows || before === undefined) joined.push(cell);
    else
      joined[joined.length - 1] = {
        ...before,
        codes: [new Set([...(before.codes[0] ?? []), code ?? 0])],
        rows: before.rows + cell.rows,
        inWindow: before.inWindow + cell.inWindow,
        before: before.before + cell.before,
        now: before.now + cell.now,
      };
  }
  return joined;
}

function holdsRow({ features, codes }: Cell, row: number): boolean {
  return features.every((feature, at) => codes[at]?.has(feature.codes[row] as number));
}

/** Whether most rows of a cell are those of another that is empty on the same side. */
function liesIn(cell: Cell, other: Cell, rows: number): boolean {
  if (cell.now > cell.before !== other.now > other.before) return false;
  let shared = 0;
  for (let row = 0; row < rows; row += 1) if (holdsRow(cell, row) && holdsRow(other, row)) shared += 1;
  return shared >= 0.5 * cell.rows;
}

function regionOf(cell: Cell, firstOfWindow: number): Region {
  const { features, codes, before, now } = cell;
  const conditions = features.map(({ parts }, at) => joinParts(parts, codes[at] as ReadonlySet<number>));
  return {
    columns: features.map(({ column }) => column),
    text: describeSlice(conditions),
    before,
    now,
    holds: (row) => holdsRow(cell, firstOfWindow + row),
  };
}
