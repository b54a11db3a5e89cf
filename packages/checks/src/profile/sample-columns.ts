import type { Column } from "../batch/column.ts";
import type { ColumnBatch } from "../batch/column-batch.ts";
import { tensorSize } from "../batch/tensor-size.ts";
import { isValid, noneValid, setValid, type Validity } from "../batch/validity.ts";
import type { ColumnProfile } from "./column-profile.ts";
import type { Profile } from "./profile.ts";
import type { SampleColumn, SpecialNumber } from "./row-sample.ts";
import { shortenText } from "./text-form.ts";

/** Most numbers of a tensor column that are kept. */
const TENSOR_NUMBERS = 250_000;

/** A sample's rows as plain JSON data. @param columns the profile's: the kinds, where a column has no value here */
export function sampleColumns(batch: ColumnBatch, columns: readonly ColumnProfile[]): SampleColumn[] {
  return batch.columns.map((column, place) => {
    const profile = columns[place];
    if (profile === undefined || profile.kind === column.kind) return sampleColumn(column, batch.rows);
    return missingColumn(profile, batch.rows);
  });
}

function missingColumn(profile: ColumnProfile, rows: number): SampleColumn {
  const { kind, name } = profile;
  const values = new Array<null>(rows).fill(null);
  if (kind === "number") return { kind, name, integer: profile.integer, values };
  if (kind === "tensor") return { kind, name, shape: [...(profile.shape ?? [])], values };
  return { kind, name, values };
}

function sampleColumn(column: Column, rows: number): SampleColumn {
  const { kind, name, validity } = column;
  const list = <Value>(length: number, valueAt: (row: number) => Value): (Value | null)[] =>
    Array.from({ length }, (_, row) => (isValid(validity, row) ? valueAt(row) : null));
  switch (kind) {
    case "number":
    case "time": {
      const values = list(rows, (row) => writeNumber(column.values[row] as number));
      return kind === "time" ? { kind, name, values } : { kind, name, integer: column.integer, values };
    }
    case "boolean":
      return { kind, name, values: list(rows, (row) => column.values[row] === 1) };
    case "text": {
      const texts = column.dictionary.map(shortenText);
      return { kind, name, values: list(rows, (row) => texts[column.codes[row] as number] as string) };
    }
    case "tensor": {
      const { shape, values } = column;
      const size = tensorSize(shape);
      const kept = Math.min(rows, Math.floor(TENSOR_NUMBERS / Math.max(1, size)));
      const rowAt = (row: number) => Array.from(values.subarray(row * size, (row + 1) * size), writeFloat);
      return { kind, name, shape: [...shape], values: list(kept, rowAt) };
    }
  }
}

/**
 * The rows that a profile keeps, as a batch, in the sample's order: for tests over several columns at once, and for
 * example rows. Of tensors the last rows may be missing: a profile keeps 250,000 numbers of a column.
 */
export function sampleBatch({ sample: { rows, columns } }: Pick<Profile, "sample">): ColumnBatch {
  return { rows: rows.length, columns: columns.map((column) => batchColumn(column, rows.length)) };
}

function batchColumn(column: SampleColumn, rows: number): Column {
  const { kind, name } = column;
  const validity = validityOf(column.values, rows);
  switch (kind) {
    case "number":
    case "time": {
      const values = Float64Array.from(column.values, (value) =>
        value === null ? Number.NaN : Number(value),
      );
      return kind === "time"
        ? { kind, name, validity, values }
        : { kind, name, validity, values, integer: column.integer };
    }
    case "boolean":
      return {
        kind,
        name,
        validity,
        values: Uint8Array.from(column.values, (value) => (value === true ? 1 : 0)),
      };
    case "text": {
      const dictionary = [...new Set(column.values.filter((value) => value !== null))];
      const places = new Map(dictionary.map((text, place) => [text, place]));
      const codes = Int32Array.from(column.values, (value) =>
        value === null ? 0 : (places.get(value) ?? 0),
      );
      return { kind, name, validity, dictionary, codes };
    }
    case "tensor": {
      const { shape } = column;
      const size = tensorSize(shape);
      const values = new Float32Array(rows * size);
      for (const [row, numbers] of column.values.entries())
        values.set((numbers ?? []).map(Number), row * size);
      return { kind, name, validity, shape, values };
    }
  }
}

function validityOf(values: readonly unknown[], rows: number): Validity | null {
  if (values.length === rows && !values.includes(null)) return null;
  const validity = noneValid(rows);
  for (const [row, value] of values.entries()) if (value !== null) setValid(validity, row);
  return validity;
}

function writeNumber(value: number): number | SpecialNumber {
  return Number.isFinite(value) ? value + 0 : (String(value) as SpecialNumber);
}

/** A 32-bit float by the fewest digits that give it again. */
function writeFloat(value: number): number | SpecialNumber {
  if (!Number.isFinite(value)) return writeNumber(value);
  const short = Number(value.toPrecision(7));
  return (Math.fround(short) === value ? short : Number(value.toPrecision(9))) + 0;
}
