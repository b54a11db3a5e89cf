import type { DuckDBListVector, DuckDBVector } from "@duckdb/node-api";
import { isValid } from "@scanflow/checks";
import { ScanflowError } from "@scanflow/core";
import { itemsOf, validBits } from "./vector-memory.ts";

/** Gathers lists of numbers, which must all be of one length, as the rows of a tensor. */
export interface TensorRows {
  begin(capacity: number): void;
  add(vector: DuckDBListVector, rows: number): void;
  finish(): { readonly shape: readonly number[]; readonly values: Float32Array };
}

/** The shape is that of the first row that has a value; a missing row is zeros. */
export function createTensorRows(name: string): TensorRows {
  let shape: readonly number[] | null = null;
  let size = 0;
  let values = new Float32Array(0);
  let capacity = 0;
  let filled = 0;
  let before = 0;

  function begin(rows: number): void {
    capacity = rows;
    before += filled;
    filled = 0;
    values = new Float32Array(capacity * size);
  }

  function take(found: readonly number[]): void {
    shape = found;
    size = found.reduce((product, length) => product * length, 1);
    values = new Float32Array(capacity * size);
  }

  function add(vector: DuckDBListVector, rows: number): void {
    const bits = validBits(vector);
    for (let row = 0; row < rows; row += 1) {
      if (!isValid(bits, row)) continue;
      const found = shapeOf(vector, row);
      if (shape === null) take(found);
      if (shape?.join() !== found.join()) throw uneven(name, before + filled + row, [shape ?? [], found]);
      copy(vector, row, values, (filled + row) * size);
    }
    filled += rows;
  }

  return {
    begin,
    add,
    finish: () => ({ shape: shape ?? [0], values: values.slice(0, filled * size) }),
  };
}

function shapeOf(vector: DuckDBListVector, row: number): number[] {
  const length = vector.getEntryLength(row);
  const inner = vector.childVector;
  if (!isList(inner)) return [length];
  return [length, ...(length === 0 ? [] : shapeOf(inner, vector.getEntryOffset(row)))];
}

function copy(vector: DuckDBListVector, row: number, values: Float32Array, at: number): number {
  const [offset, length] = [vector.getEntryOffset(row), vector.getEntryLength(row)];
  const inner = vector.childVector;
  if (!isList(inner)) {
    values.set(itemsOf(inner).subarray(offset, offset + length), at);
    return at + length;
  }
  let next = at;
  for (let place = offset; place < offset + length; place += 1) next = copy(inner, place, values, next);
  return next;
}

function isList(vector: DuckDBVector): vector is DuckDBListVector {
  return "childVector" in vector;
}

function uneven(
  name: string,
  row: number,
  [first, other]: [readonly number[], readonly number[]],
): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_DATA_COLUMN",
    `Column "${name}" has lists of different lengths: ${first.join(" × ")} in the rows before, ${other.join(" × ")} in row ` +
      `${row + 1}. Make all of one length, or leave the column out.`,
  );
}
