import type { ColumnBatch } from "../batch/column-batch.ts";
import { concatBatches } from "../batch/concat-batches.ts";
import { takeRows } from "../batch/take-rows.ts";
import type { ColumnProfile } from "./column-profile.ts";
import { createRowRank } from "./row-hash.ts";
import type { RowSample } from "./row-sample.ts";
import { sampleColumns } from "./sample-columns.ts";

/** A sample of rows while it is gathered. */
export interface RunningSample {
  /** @param rows the index in the data of each row, or of the first when they follow each other */
  add(batch: ColumnBatch, rows: number | readonly number[]): void;
  /** The rows kept so far, in another order than that of the data. */
  batch(): ColumnBatch;
  /** @param columns what was seen of the whole data: in the sampled rows a column may be missing altogether */
  close(columns: readonly ColumnProfile[]): RowSample;
}

interface Kept {
  readonly rows: number[];
  readonly ranks: number[];
  readonly batch: ColumnBatch;
}

/** Keeps the rows of least rank. */
export function sampleRows(limit: number, seed: number): RunningSample {
  const rankOf = createRowRank(seed);
  let pieces: Kept[] = [];
  let held = 0;
  /** A row above it is not among the kept. */
  let bound = Number.POSITIVE_INFINITY;

  function add(batch: ColumnBatch, rows: number | readonly number[]): void {
    const indexOf = (at: number) => (typeof rows === "number" ? rows + at : (rows[at] as number));
    let places: number[] = [];
    let ranks: number[] = [];
    for (let at = 0; at < batch.rows; at += 1) {
      const rank = rankOf(indexOf(at));
      if (rank > bound) continue;
      places.push(at);
      ranks.push(rank);
      if (places.length >= 4 * limit + 64) [places, ranks] = least(places, ranks);
    }
    if (places.length > limit) [places, ranks] = least(places, ranks);
    if (places.length === 0 && pieces.length > 0) return;
    pieces.push({ rows: places.map(indexOf), ranks, batch: takeRows(batch, places) });
    held += places.length;
    if (held > 4 * limit || pieces.length > 256) settle();
  }

  function least(places: number[], ranks: number[]): [number[], number[]] {
    const order = [...ranks.keys()]
      .sort((a, b) => (ranks[a] as number) - (ranks[b] as number))
      .slice(0, limit);
    const kept = order.map((at) => ranks[at] as number);
    if (kept.length === limit) bound = Math.min(bound, kept.at(-1) as number);
    return [order.map((at) => places[at] as number), kept];
  }

  function settle(): Kept {
    const batch = concatBatches(pieces.map((piece) => piece.batch));
    const rows = pieces.flatMap((piece) => piece.rows);
    const [places, ranks] = least(
      rows.map((_, at) => at),
      pieces.flatMap((piece) => piece.ranks),
    );
    const kept = { rows: places.map((at) => rows[at] as number), ranks, batch: takeRows(batch, places) };
    pieces = [kept];
    held = places.length;
    return kept;
  }

  function close(columns: readonly ColumnProfile[]): RowSample {
    const { rows, batch } = settle();
    return { limit, rows, columns: sampleColumns(batch, columns) };
  }

  return { add, batch: () => settle().batch, close };
}
