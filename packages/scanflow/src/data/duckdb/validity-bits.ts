import type { DuckDBVector } from "@duckdb/node-api";
import type { Validity } from "@scanflow/checks";
import { validBits } from "./vector-memory.ts";

/** Gathers the bits that say which rows have a value. */
export interface ValidityBits {
  begin(capacity: number): void;
  /** @param missing told each row of the vector that has no value */
  add(vector: DuckDBVector, rows: number, missing: (row: number) => void): void;
  /** null when all rows have a value. */
  finish(): Validity | null;
}

export function createValidityBits(): ValidityBits {
  let bits: Validity | null = null;
  let capacity = 0;
  let filled = 0;

  function begin(rows: number): void {
    bits = null;
    capacity = rows;
    filled = 0;
  }

  function add(vector: DuckDBVector, rows: number, missing: (row: number) => void): void {
    const there = validBits(vector);
    if (there !== null) {
      for (let row = 0; row < rows; row += 1) {
        if (((there[row >>> 3] as number) >>> (row & 7)) & 1) continue;
        bits ??= allValid(capacity);
        const at = filled + row;
        bits[at >>> 3] = (bits[at >>> 3] as number) & ~(1 << (at & 7));
        missing(row);
      }
    }
    filled += rows;
  }

  function finish(): Validity | null {
    if (bits === null) return null;
    const used = bits.slice(0, (filled + 7) >>> 3);
    const over = filled & 7;
    const last = used.length - 1;
    if (over !== 0) used[last] = (used[last] as number) & ((1 << over) - 1);
    return used;
  }

  return { begin, add, finish };
}

function allValid(rows: number): Validity {
  return new Uint8Array((rows + 7) >>> 3).fill(255);
}
