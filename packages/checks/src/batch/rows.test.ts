import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batchOf, type ColumnValues } from "./batch-of.ts";
import type { Column, TensorColumn } from "./column.ts";
import type { ColumnBatch } from "./column-batch.ts";
import { concatBatches } from "./concat-batches.ts";
import { takeRows } from "./take-rows.ts";
import { toMatrix } from "./to-matrix.ts";
import { isValid, noneValid, setValid } from "./validity.ts";

function valuesOf(column: Column, rows: number): unknown[] {
  const at = (row: number) => {
    if (!isValid(column.validity, row)) return null;
    if (column.kind === "text") return column.dictionary[column.codes[row] as number];
    return column.kind === "boolean" ? column.values[row] === 1 : column.values[row];
  };
  return Array.from({ length: rows }, (_, row) => at(row));
}

function tableOf(batch: ColumnBatch): Record<string, unknown[]> {
  return Object.fromEntries(batch.columns.map((column) => [column.name, valuesOf(column, batch.rows)]));
}

const lists = {
  number: fc.array(fc.option(fc.double({ noDefaultInfinity: true }), { freq: 3 }), { maxLength: 30 }),
  text: fc.array(fc.option(fc.string({ unit: "grapheme", maxLength: 3 }), { freq: 3 }), { maxLength: 30 }),
  boolean: fc.array(fc.option(fc.boolean(), { freq: 3 }), { maxLength: 30 }),
};
const list: fc.Arbitrary<ColumnValues & { slice: unknown }> = fc.oneof(
  lists.number,
  lists.text,
  lists.boolean,
);

describe("laws", () => {
  test("a batch gives the values it was made of", () => {
    fc.assert(
      fc.property(list, (values) => {
        expect(tableOf(batchOf({ values }))).toEqual({ values });
      }),
    );
  });

  test("taking rows takes their values, and a text dictionary holds no more than is taken", () => {
    const indexed = list.chain((values) =>
      fc.tuple(
        fc.constant(values),
        fc.array(fc.nat({ max: Math.max(0, values.length - 1) }), { maxLength: 20 }),
      ),
    );
    fc.assert(
      fc.property(indexed, ([values, wanted]) => {
        const indices = values.length === 0 ? [] : wanted;
        const taken = takeRows(batchOf({ values }), indices);
        expect(tableOf(taken)).toEqual({ values: indices.map((index) => values[index]) });
        const [column] = taken.columns;
        if (column?.kind === "text" && indices.length > 0) {
          expect(column.dictionary.length).toBeLessThanOrEqual(Math.max(indices.length, 1));
        }
      }),
    );
  });

  test("cutting a batch and joining the parts gives its values again", () => {
    fc.assert(
      fc.property(lists.text, lists.number, fc.nat(30), (texts, numbers, cut) => {
        const rows = Math.min(texts.length, numbers.length);
        const whole = batchOf({ texts: texts.slice(0, rows), numbers: numbers.slice(0, rows) });
        const places = Array.from({ length: rows }, (_, row) => row);
        const parts = [takeRows(whole, places.slice(0, cut)), takeRows(whole, places.slice(cut))];
        expect(tableOf(concatBatches(parts))).toEqual(tableOf(whole));
      }),
    );
  });
});

describe("a batch of plain arrays", () => {
  test.each([
    [[1, null, 2], "number"],
    [BigInt64Array.of(1n, 2n), "number"],
    [[true, undefined], "boolean"],
    [["a"], "text"],
    [[new Date(5)], "time"],
    [[1, "a"], "text"],
    [[null, null], "number"],
    [[], "number"],
  ])("%o is a column of kind %s", (values, kind) => {
    expect(batchOf({ values }).columns[0]?.kind).toBe(kind);
  });

  test("numbers are whole-number columns when all that are there are whole", () => {
    expect(batchOf({ x: [1, null, 3] }).columns[0]).toMatchObject({ integer: true });
    expect(batchOf({ x: [1, 1.5] }).columns[0]).toMatchObject({ integer: false });
  });

  test("columns of different lengths and values of no kind are refused with their place", () => {
    expect(() => batchOf({ a: [1], b: [] })).toThrow(/Column "b" has 0 rows, but "a" has 1/);
    expect(() => batchOf({ a: [1, Symbol("x") as unknown as number] })).toThrow(
      /"a" holds .* symbol in row 1/,
    );
  });
});

const images: TensorColumn = {
  kind: "tensor",
  name: "image",
  shape: [1, 2],
  validity: setValid2(),
  values: Float32Array.of(1, 2, 3, 4, 5, 6),
};

function setValid2() {
  const validity = noneValid(3);
  setValid(validity, 0);
  setValid(validity, 2);
  return validity;
}

test("tensors are taken, joined and laid out row by row", () => {
  const batch = { rows: 3, columns: [images] };
  const taken = takeRows(batch, [2, 1]);
  expect(toMatrix(taken)).toEqual({
    rows: 2,
    columns: 2,
    values: Float64Array.of(5, 6, Number.NaN, Number.NaN),
  });
  const joined = concatBatches([batch, taken]);
  expect(toMatrix(joined, ["image"]).values.slice(6)).toEqual(Float64Array.of(5, 6, Number.NaN, Number.NaN));
});

test("a matrix has numbers, times and booleans side by side, with NaN where one is missing", () => {
  const batch = batchOf({
    x: [1, null],
    yes: [true, false],
    when: [new Date(7), new Date(8)],
    word: ["a", "b"],
  });
  expect(toMatrix(batch)).toEqual({
    rows: 2,
    columns: 3,
    values: Float64Array.of(1, 1, 7, Number.NaN, 0, 8),
  });
  expect(toMatrix(batch, ["when", "x"]).values).toEqual(Float64Array.of(7, 1, 8, Number.NaN));
  expect(() => toMatrix(batch, ["word"])).toThrow(/Column "word" holds texts/);
  expect(() => toMatrix(batch, ["z"])).toThrow(/Column "z" is not in the batch/);
});

describe("batches of one table", () => {
  test("a column that is missing altogether in one of them fits any kind", () => {
    const joined = concatBatches([batchOf({ x: [null] }), batchOf({ x: ["a"] }), batchOf({ x: [null] })]);
    expect(tableOf(joined)).toEqual({ x: [null, "a", null] });
  });

  test.each([
    [{ x: ["a"] }, /it holds numbers in one batch, texts in another/],
    [{ y: [1] }, /"y" cannot be joined: it is not in the first batch/],
    [{}, /"x" cannot be joined: it is missing in a later batch/],
  ])("%j after a number x is refused", (other, message) => {
    const parts = [batchOf({ x: [1] }), batchOf(other as Record<string, ColumnValues>)];
    expect(() => concatBatches(parts)).toThrow(message);
  });

  test("tensors of another shape are refused", () => {
    const other = { ...images, shape: [2, 1] };
    const parts = [images, other].map((column) => ({ rows: 3, columns: [column] }));
    expect(() => concatBatches(parts)).toThrow(/the shape \[1,2\] in one batch, \[2,1\] in another/);
  });
});
