import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { errorTables, usedCodes } from "./error-tables.ts";
import { remediesIn } from "./reference-blocks.ts";
import { root } from "./sources.ts";

const tables = await errorTables();
const rows = new Set(tables.flatMap(({ codes }) => Object.keys(codes)));
const { whole, beginnings } = usedCodes();
const remedies = remediesIn(readFileSync(join(root, "docs/reference/errors.md"), "utf8"));

test("there are tables of error codes, and sources that use them", () => {
  expect(tables.length).toBeGreaterThanOrEqual(5);
  expect(whole.size).toBeGreaterThan(100);
});

test("every error code that a source names has a row in a table of its package", () => {
  expect([...whole].filter(([code]) => !rows.has(code))).toEqual([]);
});

test("every row of a table is used by some source", () => {
  const unused = [...rows].filter(
    (code) => !whole.has(code) && !beginnings.some((beginning) => code.startsWith(beginning)),
  );
  expect(unused).toEqual([]);
});

test("the reference says of every error code what to do about it", () => {
  const silent = [...rows].filter((code) => !remedies.get(code));
  expect(silent).toEqual([]);
});

test("the reference knows no error code that there is not", () => {
  expect([...remedies.keys()].filter((code) => !rows.has(code))).toEqual([]);
});
