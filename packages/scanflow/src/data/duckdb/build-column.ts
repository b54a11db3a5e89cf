import type { DuckDBListVector, DuckDBVarCharVector, DuckDBVector } from "@duckdb/node-api";
import type { Column, Validity } from "@scanflow/checks";
import type { SelectedColumn } from "./select-column.ts";
import { createTensorRows } from "./tensor-rows.ts";
import { createTextCodes } from "./text-codes.ts";
import { createValidityBits } from "./validity-bits.ts";
import { itemsOf } from "./vector-memory.ts";

/** Gathers one column from chunks into batches. The vectors' memory is the database's: all is copied. */
export interface ColumnBuilder {
  begin(capacity: number): void;
  add(vector: DuckDBVector, rows: number): void;
  /** The column of what was added since `begin`. */
  finish(): Column;
}

export function buildColumn(selected: SelectedColumn): ColumnBuilder {
  switch (selected.kind) {
    case "number":
    case "time":
      return buildNumbers(selected);
    case "boolean":
      return buildBooleans(selected.name);
    case "text":
      return buildTexts(selected.name);
    case "tensor":
      return buildTensors(selected.name);
  }
}

function buildNumbers({ name, kind, integer }: SelectedColumn): ColumnBuilder {
  return buildValues((capacity) => new Float64Array(capacity), {
    missing: Number.NaN,
    column: (validity, values) =>
      kind === "time"
        ? { kind, name, validity, values }
        : { kind: "number", name, validity, values, integer },
  });
}

function buildBooleans(name: string): ColumnBuilder {
  return buildValues((capacity) => new Uint8Array(capacity), {
    missing: 0,
    column: (validity, values) => ({ kind: "boolean", name, validity, values }),
  });
}

interface ValuesOf<Values> {
  /** What stands where a row has no value. */
  readonly missing: number;
  readonly column: (validity: Validity | null, values: Values) => Column;
}

function buildValues<Values extends Float64Array | Uint8Array>(
  make: (capacity: number) => Values,
  { missing, column }: ValuesOf<Values>,
): ColumnBuilder {
  const bits = createValidityBits();
  let values = make(0);
  let rows = 0;
  return {
    begin(capacity) {
      values = make(capacity);
      rows = 0;
      bits.begin(capacity);
    },
    add(vector, count) {
      values.set(itemsOf(vector), rows);
      const from = rows;
      bits.add(vector, count, (row) => {
        values[from + row] = missing;
      });
      rows += count;
    },
    finish: () => column(bits.finish(), values.subarray(0, rows) as Values),
  };
}

function buildTexts(name: string): ColumnBuilder {
  const bits = createValidityBits();
  const texts = createTextCodes();
  let codes = new Int32Array(0);
  let rows = 0;
  return {
    begin(capacity) {
      texts.begin();
      codes = new Int32Array(capacity);
      rows = 0;
      bits.begin(capacity);
    },
    add(vector, count) {
      texts.write(vector as DuckDBVarCharVector, count, { codes, at: rows });
      bits.add(vector, count, () => {});
      rows += count;
    },
    finish: () => ({
      kind: "text",
      name,
      validity: bits.finish(),
      dictionary: texts.dictionary(),
      codes: codes.subarray(0, rows),
    }),
  };
}

function buildTensors(name: string): ColumnBuilder {
  const bits = createValidityBits();
  const tensors = createTensorRows(name);
  return {
    begin(capacity) {
      bits.begin(capacity);
      tensors.begin(capacity);
    },
    add(vector, count) {
      tensors.add(vector as DuckDBListVector, count);
      bits.add(vector, count, () => {});
    },
    finish: () => ({ kind: "tensor", name, validity: bits.finish(), ...tensors.finish() }),
  };
}
