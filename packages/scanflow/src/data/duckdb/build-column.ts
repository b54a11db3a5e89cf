import type { DuckDBListVector, DuckDBVarCharVector, DuckDBVector } from "@duckdb/node-api";
import type { Column } from "@scanflow/checks";
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
  const bits = createValidityBits();
  let values = new Float64Array(0);
  let rows = 0;
  return {
    begin(capacity) {
      values = new Float64Array(capacity);
      rows = 0;
      bits.begin(capacity);
    },
    add(vector, count) {
      values.set(itemsOf(vector), rows);
      const from = rows;
      bits.add(vector, count, (row) => {
        values[from + row] = Number.NaN;
      });
      rows += count;
    },
    finish() {
      const column = { name, validity: bits.finish(), values: values.subarray(0, rows) };
      return kind === "time" ? { kind, ...column } : { kind: "number", ...column, integer };
    },
  };
}

function buildBooleans(name: string): ColumnBuilder {
  const bits = createValidityBits();
  let values = new Uint8Array(0);
  let rows = 0;
  return {
    begin(capacity) {
      values = new Uint8Array(capacity);
      rows = 0;
      bits.begin(capacity);
    },
    add(vector, count) {
      values.set(itemsOf(vector), rows);
      const from = rows;
      bits.add(vector, count, (row) => {
        values[from + row] = 0;
      });
      rows += count;
    },
    finish: () => ({ kind: "boolean", name, validity: bits.finish(), values: values.subarray(0, rows) }),
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
