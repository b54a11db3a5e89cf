import type { Column } from "../batch/column.ts";
import type { ColumnBatch } from "../batch/column-batch.ts";
import { tensorSize } from "../batch/tensor-size.ts";
import { isValid } from "../batch/validity.ts";
import { mix } from "../random/mix.ts";
import { hashText } from "../random/random.ts";

/** Two 32-bit hashes of each row, added up column by column, so that the order of columns does not matter. */
export interface RowLanes {
  readonly first: Uint32Array;
  readonly second: Uint32Array;
}

const SEEDS = [0x3c6ef372, 0x1f83d9ab] as const;
const MISSING = 0x5bd1e995;
const bits = new DataView(new ArrayBuffer(8));

/** @param names which columns; all when left out */
export function rowLanes(batch: ColumnBatch, names?: ReadonlySet<string>): RowLanes {
  const columns = names === undefined ? batch.columns : batch.columns.filter(({ name }) => names.has(name));
  return { first: lane(columns, batch.rows, SEEDS[0]), second: lane(columns, batch.rows, SEEDS[1]) };
}

/** A row's hashes as one whole number of 53 bits: among a million rows any two share one with a chance of 6e-5. */
export function rowKey({ first, second }: RowLanes, row: number): number {
  return (first[row] as number) * 2 ** 21 + ((second[row] as number) >>> 11);
}

function lane(columns: readonly Column[], rows: number, seed: number): Uint32Array {
  const sums = new Uint32Array(rows);
  for (const column of columns) {
    const own = hashText(column.name, seed);
    const valueAt = valueHash(column, own);
    for (let row = 0; row < rows; row += 1) {
      const value = isValid(column.validity, row) ? valueAt(row) : mix(own ^ MISSING);
      sums[row] = (sums[row] as number) + value;
    }
  }
  return sums;
}

function valueHash(column: Column, seed: number): (row: number) => number {
  switch (column.kind) {
    case "number":
    case "time":
    case "boolean":
      return (row) => numberHash(column.values[row] as number, seed);
    case "text": {
      const hashes = column.dictionary.map((text) => hashText(text, seed));
      return (row) => hashes[column.codes[row] as number] ?? 0;
    }
    case "tensor": {
      const size = tensorSize(column.shape);
      return (row) => {
        let hash = seed;
        for (let at = row * size; at < (row + 1) * size; at += 1)
          hash = numberHash(column.values[at] as number, hash);
        return hash;
      };
    }
  }
}

function numberHash(value: number, seed: number): number {
  bits.setFloat64(0, value + 0);
  return mix(mix(bits.getInt32(0) ^ seed) ^ bits.getInt32(4));
}
