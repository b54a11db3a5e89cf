import { ChecksError } from "../errors.ts";
import type { Column, ColumnKind, TensorColumn, TextColumn } from "./column.ts";
import type { ColumnBatch } from "./column-batch.ts";
import { tensorSize } from "./tensor-size.ts";
import { countValid, isValid, noneValid, setValid, type Validity } from "./validity.ts";

interface Part {
  readonly rows: number;
  readonly column: Column;
}

/**
 * One batch of all the rows, in order. A column that has no value in one of the batches fits any kind there: plain
 * arrays of nulls do not say what they are.
 *
 * @param batches of one table: the same columns, by name, and of the same kinds
 * @throws ChecksError SCANFLOW_COLUMN_INVALID when the columns, a kind or a tensor's shape differ
 */
export function concatBatches(batches: readonly ColumnBatch[]): ColumnBatch {
  const [first, ...others] = batches;
  if (first === undefined) return { rows: 0, columns: [] };
  if (others.length === 0) return first;
  for (const batch of others) {
    const extra = batch.columns.find(({ name }) => !first.columns.some((column) => column.name === name));
    if (extra !== undefined) throw unlike(extra.name, "it is not in the first batch");
  }
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  const columns = first.columns.map(({ name }, place) => {
    const parts = batches.map((batch): Part => {
      const same = batch.columns[place];
      const column = same?.name === name ? same : batch.columns.find((other) => other.name === name);
      if (column === undefined) throw unlike(name, "it is missing in a later batch");
      return { rows: batch.rows, column };
    });
    return joinColumn(parts, rows);
  });
  return { rows, columns };
}

function joinColumn(parts: readonly Part[], rows: number): Column {
  const filled = parts.filter(({ column, rows }) => countValid(column.validity, rows) > 0);
  const model = (filled[0] ?? parts[0])?.column as Column;
  const { kind, name } = model;
  const other = filled.find(({ column }) => column.kind !== kind)?.column;
  if (other !== undefined) throw unlike(name, `it holds ${kind}s in one batch, ${other.kind}s in another`);
  const validity = joinValidity(parts, rows);
  switch (kind) {
    case "number": {
      const integer = filled.every(({ column }) => column.kind === "number" && column.integer);
      return { kind, name, validity, values: joinFloats(parts, rows, kind), integer };
    }
    case "time":
      return { kind, name, validity, values: joinFloats(parts, rows, kind) };
    case "boolean": {
      const values = new Uint8Array(rows);
      placed(parts, (at, { column }) => column.kind === kind && values.set(column.values, at));
      return { kind, name, validity, values };
    }
    case "text":
      return joinTexts({ parts, rows, name, validity });
    case "tensor":
      return joinTensors({ parts, rows, model, validity });
  }
}

function joinFloats(parts: readonly Part[], rows: number, kind: ColumnKind): Float64Array {
  const values = new Float64Array(rows).fill(Number.NaN);
  placed(parts, (at, { column }) => {
    if ((column.kind === "number" || column.kind === "time") && column.kind === kind) {
      values.set(column.values, at);
    }
  });
  return values;
}

interface Joining {
  readonly parts: readonly Part[];
  readonly rows: number;
  readonly validity: Validity | null;
}

function joinTexts({ parts, rows, name, validity }: Joining & { readonly name: string }): TextColumn {
  const places = new Map<string, number>();
  const codes = new Int32Array(rows);
  placed(parts, (at, { column }) => {
    if (column.kind !== "text") return;
    const placeOf = new Int32Array(column.dictionary.length).fill(-1);
    for (let row = 0; row < column.codes.length; row += 1) {
      if (!isValid(column.validity, row)) continue;
      const code = column.codes[row] as number;
      if (placeOf[code] === -1) {
        const text = column.dictionary[code] as string;
        placeOf[code] = places.get(text) ?? places.size;
        places.set(text, placeOf[code] as number);
      }
      codes[at + row] = placeOf[code] as number;
    }
  });
  return { kind: "text", name, validity, dictionary: [...places.keys()], codes };
}

function joinTensors({
  parts,
  rows,
  model,
  validity,
}: Joining & { readonly model: TensorColumn }): TensorColumn {
  const { name, shape } = model;
  const size = tensorSize(shape);
  const values = new Float32Array(rows * size);
  placed(parts, (at, { column }) => {
    if (column.kind !== "tensor") return;
    if (column.shape.join() !== shape.join()) {
      throw unlike(name, `its rows have the shape [${shape}] in one batch, [${column.shape}] in another`);
    }
    values.set(column.values, at * size);
  });
  return { kind: "tensor", name, validity, shape, values };
}

function joinValidity(parts: readonly Part[], rows: number): Validity | null {
  if (parts.every(({ column }) => column.validity === null)) return null;
  const joined = noneValid(rows);
  placed(parts, (at, { column, rows: own }) => {
    for (let row = 0; row < own; row += 1) if (isValid(column.validity, row)) setValid(joined, at + row);
  });
  return joined;
}

function placed(parts: readonly Part[], visit: (at: number, part: Part) => void): void {
  let at = 0;
  for (const part of parts) {
    visit(at, part);
    at += part.rows;
  }
}

function unlike(name: string, reason: string): ChecksError {
  return new ChecksError(
    "SCANFLOW_COLUMN_INVALID",
    `Column "${name}" cannot be joined: ${reason}. Give batches of one table, with the same columns of the same kinds.`,
  );
}
