import { batchOf, type ColumnValues } from "../batch/batch-of.ts";
import type { Column } from "../batch/column.ts";
import type { ColumnBatch } from "../batch/column-batch.ts";
import { createRandom } from "../random/random.ts";
import type { BatchSource } from "./dataset-of.ts";

export const ROWS = 60;

const numbers = (name: string, values: readonly number[], rows = ROWS): Column => ({
  kind: "number",
  name,
  validity: null,
  integer: false,
  values: Float64Array.from({ length: rows }, (_, row) => values[row % values.length] as number),
});
const times = (name: string, values: readonly number[], rows: number): Column => ({
  kind: "time",
  name,
  validity: null,
  values: Float64Array.from({ length: rows }, (_, row) => values[row % values.length] as number),
});
const texts = (name: string, values: readonly string[], rows = ROWS): Column => {
  const [column] = batchOf({
    text: Array.from({ length: rows }, (_, row) => values[row % values.length] as string),
  }).columns;
  return { ...(column as Column), name };
};
const tensors = (
  name: string,
  values: readonly number[],
  shape: readonly number[],
  rows: number,
): Column => ({
  kind: "tensor",
  name,
  validity: null,
  shape,
  values: Float32Array.from(
    { length: rows * shape.reduce((size, length) => size * length, 1) },
    (_, at) => values[at % values.length] as number,
  ),
});

/** A table with a column of every kind, and what a fair model said of its rows: what checkers have no complaint about. */
export function soundTable(rows = ROWS, seed = 1): ColumnBatch {
  const random = createRandom(seed, "sound");
  const drawn = <Value>(draw: () => Value) => Array.from({ length: rows }, draw);
  const truth = drawn(() => random.uniform() < 0.5);
  const columns: Readonly<Record<string, ColumnValues>> = {
    id: Array.from({ length: rows }, (_, row) => row),
    x: drawn(() => random.uniform() * 10),
    z: drawn(() => random.uniform() * 3 - 1),
    colour: drawn(() => (random.uniform() < 0.5 ? "red" : "blue")),
    flag: drawn(() => random.uniform() < 0.5),
    label: truth.map((yes) => (yes ? "yes" : "no")),
    said: truth.map((yes) => (random.uniform() < 0.8 === yes ? "yes" : "no")),
    score: truth.map((yes) => (yes ? 0.5 : 0.1) + 0.4 * random.uniform()),
    weight: drawn(() => 1 + random.uniform()),
    value: drawn(() => random.uniform() * 5),
    guess: drawn(() => random.uniform() * 5),
  };
  return {
    rows,
    columns: [
      ...batchOf(columns).columns,
      times(
        "when",
        Array.from({ length: Math.max(1, rows) }, (_, row) => 1.7e12 + row * 6e4),
        rows,
      ),
      tensors("image", drawn(() => random.uniform()).concat(0.5), [2, 2], rows),
    ],
  };
}

/** What can be wrong with a column: each takes a sound one and gives it harmed. */
export const HARMS: Readonly<Record<string, (column: Column, rows: number) => Column>> = {
  "all missing": (column, rows) => ({ ...column, validity: new Uint8Array((rows + 7) >>> 3) }),
  "constant numbers": ({ name }, rows) => numbers(name, [7], rows),
  "constant texts": ({ name }, rows) => texts(name, ["same"], rows),
  "all NaN": ({ name }, rows) => numbers(name, [Number.NaN], rows),
  "some NaN": ({ name }, rows) => numbers(name, [1, Number.NaN, 2, 5, 0.5], rows),
  "all infinite": ({ name }, rows) => numbers(name, [Number.POSITIVE_INFINITY], rows),
  "one infinite": ({ name }, rows) =>
    numbers(name, [...new Array<number>(ROWS - 1).fill(0.3), Number.NEGATIVE_INFINITY], rows),
  "the largest numbers": ({ name }, rows) => numbers(name, [1e308, -1e308, 1.7e308, -1.7e308], rows),
  "large numbers of one sign": ({ name }, rows) => numbers(name, [1e308, 1.1e308, 1.7e308, 1e160], rows),
  "denormal numbers": ({ name }, rows) => numbers(name, [5e-324, 1e-323, 2e-320, 3e-310], rows),
  "zeros of both signs": ({ name }, rows) => numbers(name, [0, -0], rows),
  "odd texts": ({ name }, rows) =>
    texts(name, ["", "a\nb", "a\u0000b", "👩‍👩‍👧", "\ud83d", "__proto__", "constructor"], rows),
  "numbers as texts": ({ name }, rows) => texts(name, ["1", "2.5", "x"], rows),
  "a text of its own in every row": ({ name }, rows) =>
    texts(
      name,
      Array.from({ length: ROWS }, (_, row) => `t${row}`),
      rows,
    ),
  "no time that a date can hold": ({ name }, rows) =>
    times(name, [Number.NaN, Number.POSITIVE_INFINITY, 1e300, 0, -8.64e16], rows),
  "arrays of another shape": ({ name }, rows) => tensors(name, [0.5, 0.7], [3], rows),
  "arrays of no finite number": ({ name }, rows) =>
    tensors(name, [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], [2, 2], rows),
  "arrays of no number": ({ name }, rows) => tensors(name, [], [0], rows),
};

/** A table in which some columns are harmed. */
export function harmed(columns: readonly string[], harm: keyof typeof HARMS, seed = 1): ColumnBatch {
  const { rows, columns: sound } = soundTable(ROWS, seed);
  const change = HARMS[harm];
  return {
    rows,
    columns: sound.map((column) => (columns.includes(column.name) && change ? change(column, rows) : column)),
  };
}

const all = soundTable();
const [first] = all.columns as readonly [Column];

/** What can be wrong with a whole table. */
export const BAD_TABLES: Readonly<Record<string, () => BatchSource>> = {
  "no rows": () => soundTable(0),
  "one row": () => soundTable(1),
  "two rows": () => soundTable(2),
  "no batches": () => [],
  "no columns": () => ({ rows: 10, columns: [] }),
  "other columns": () => ({ rows: ROWS, columns: [numbers("other", [1, 2, 3])] }),
  "columns with odd names": () => ({
    rows: ROWS,
    columns: [
      ...all.columns,
      ...["", "__proto__", "constructor", 'a"b.c', "a\nb", "10"].map((name) => numbers(name, [1, 2])),
    ],
  }),
  "two columns of one name": () => ({ rows: ROWS, columns: [...all.columns, first] }),
  "columns shorter than the batch": () => ({ rows: ROWS + 5, columns: all.columns }),
  "codes beyond the dictionary": () => ({
    rows: ROWS,
    columns: all.columns.map((column) =>
      column.kind === "text" ? { ...column, codes: column.codes.map((code) => code + 7) } : column,
    ),
  }),
  "NaN rows": () => ({ ...all, rows: Number.NaN }),
  "columns of other kinds later": () => [
    all,
    {
      rows: ROWS,
      columns: all.columns.map(({ kind, name }) =>
        kind === "number" ? texts(name, ["a", "b"]) : numbers(name, [1, 2]),
      ),
    },
  ],
  "columns missing later": () => [all, { rows: ROWS, columns: all.columns.slice(2) }],
  "a column more later": () => [all, { rows: ROWS, columns: [...all.columns, numbers("later", [1])] }],
};
