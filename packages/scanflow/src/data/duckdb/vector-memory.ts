import type { DuckDBVector } from "@duckdb/node-api";

type Numbers = Float64Array | Float32Array | Uint8Array;

interface Inside {
  readonly items?: Numbers;
  readonly dataView?: DataView;
  readonly validity?: { readonly data: BigUint64Array | null };
}

/**
 * What lies behind a vector of `@duckdb/node-api`, whose types call these fields private: asking it value by value
 * costs ten times as much. They are views of the database's memory, to be copied before the next chunk. The tests
 * beside this file tell when another version of the library has other fields.
 */
function inside(vector: DuckDBVector): Inside {
  return vector as unknown as Inside;
}

/** The numbers of a vector of DOUBLE, FLOAT or UTINYINT, whatever stands where a row is missing. */
export function itemsOf(vector: DuckDBVector): Numbers {
  return inside(vector).items ?? unknown("items");
}

/** Sixteen bytes per row: a text's length, then the text itself up to twelve bytes, else its beginning and address. */
export function textSlots(vector: DuckDBVector, rows: number): Uint32Array {
  const view = inside(vector).dataView ?? unknown("dataView");
  return new Uint32Array(view.buffer, view.byteOffset, rows * 4);
}

/** A bit per row, least significant first, 1 where there is a value; null when all rows have one. */
export function validBits(vector: DuckDBVector): Uint8Array | null {
  const { data } = inside(vector).validity ?? unknown("validity");
  return data === null ? null : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function unknown(field: string): never {
  throw new Error(`this version of @duckdb/node-api has vectors without "${field}"`);
}
