import { tensorSize } from "../batch/tensor-size.ts";
import type { ColumnProfile } from "./column-profile.ts";
import { readProfile as read } from "./profile-reader.ts";
import type { RowSample, SampleColumn, SpecialNumber } from "./row-sample.ts";

const SPECIAL: readonly unknown[] = ["NaN", "Infinity", "-Infinity"];

interface Whole {
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
}

/** @param whole what the sample was drawn from */
export function parseSample(value: unknown, path: string, whole: Whole): RowSample {
  const sample = read.object(value, path);
  const limit = read.whole(sample.limit, `${path}.limit`);
  const rows = read.counts(sample.rows, `${path}.rows`);
  const size = Math.min(limit, whole.rows);
  if (rows.length !== size) read.fail(`${path}.rows`, rows, `a list of ${size} row numbers`);
  if (new Set(rows).size < size) read.fail(`${path}.rows`, rows, "a list of distinct row numbers");
  const columns = read.list(sample.columns, `${path}.columns`);
  if (columns.length !== whole.columns.length) {
    read.fail(`${path}.columns`, columns, `a list of the profile's ${whole.columns.length} columns`);
  }
  return {
    limit,
    rows,
    columns: whole.columns.map((column, place) =>
      parseColumn(columns[place], `${path}.columns[${place}]`, { size, column }),
    ),
  };
}

interface Known {
  readonly size: number;
  readonly column: ColumnProfile;
}

function parseColumn(value: unknown, path: string, { size, column: { kind, name } }: Known): SampleColumn {
  const column = read.ofColumn(value, path, { name, kind });
  const listed = read.list(column.values, `${path}.values`);
  if (kind === "tensor" ? listed.length > size : listed.length !== size) {
    read.fail(`${path}.values`, listed, `a list of ${size} values`);
  }
  const each = <Value>(parse: (entry: unknown, at: string) => Value): (Value | null)[] =>
    listed.map((entry, place) => (entry === null ? null : parse(entry, `${path}.values[${place}]`)));
  switch (kind) {
    case "number":
      return {
        kind,
        name,
        integer: read.boolean(column.integer, `${path}.integer`),
        values: each(parseNumber),
      };
    case "time":
      return { kind, name, values: each(parseNumber) };
    case "boolean":
      return { kind, name, values: each(read.boolean) };
    case "text":
      return { kind, name, values: each(read.string) };
    case "tensor": {
      const shape = read.counts(column.shape, `${path}.shape`);
      const length = tensorSize(shape);
      const values = each((entry, at) => {
        const numbers = read.list(entry, at);
        if (numbers.length !== length) read.fail(at, numbers, `a list of ${length} numbers`);
        return numbers.map((number, place) => parseNumber(number, `${at}[${place}]`));
      });
      return { kind, name, shape, values };
    }
  }
}

function parseNumber(value: unknown, path: string): number | SpecialNumber {
  return SPECIAL.includes(value) ? (value as SpecialNumber) : read.finite(value, path);
}
