import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { gatherRows, profileColumns } from "@scanflow/checks";
import { errorCode } from "@scanflow/core";
import { describe, expect, test } from "vitest";
import type { DataOptions } from "./data-options.ts";
import { openDataset } from "./open-dataset.ts";
import { plain, testFolder } from "./table.test.support.ts";

type Content = string | Uint8Array;

function written(name: string, content: Content): string {
  const path = join(testFolder(), name);
  writeFileSync(path, content);
  return path;
}

async function read(path: string, options: DataOptions = {}) {
  return gatherRows(await openDataset(path, options));
}

const utf16 = Buffer.from("\ufeffa,b\n1,2\n", "utf16le");
const idx = (...header: number[]) =>
  Uint8Array.of(0, 0, 8, header.length, ...header.flatMap((size) => [0, 0, 0, size]));
const profile = JSON.stringify(profileColumns({ a: [1, 2] }, { seed: 1 }));
const two = "a,b\n1,2\n";

/** A file, and what is said of it: its place, and what to do. */
const REFUSED: [string, Content, RegExp, DataOptions?][] = [
  ["empty.csv", "", /is empty\. See what should have filled it/],
  ["short.csv", "a,b\n1,2\n3\n", /line 3: the row has 1 cells, the others have 2\. Mend the row/],
  ["long.csv", "a,b\n1,2\n3,4,5\n", /line 3: the row has 3 cells, the others have 2/],
  ["quote.csv", 'a,b\n"1,2\n3,4\n', /line 2: a quote is not closed.*write ""/],
  ["ends.csv", "a,b\r\n1,2\n3,4\r\n", /lines end in two ways \(\\n and \\r\\n\).*dos2unix/],
  ["bytes.csv", Uint8Array.from({ length: 512 }, (_, at) => at % 256), /no UTF-8 text|or it is no text/],
  ["latin.csv", Buffer.from("a\ncafé\n", "latin1"), /line 2: it is no UTF-8 text\. Convert it/],
  ["utf16.csv", utf16, /it is no UTF-8 text\. Convert it/],
  [
    "cut.csv.gz",
    gzipSync("a\n1\n2\n").subarray(0, 20),
    /no whole gzip file \(unexpected end of file\)\. Write or fetch/,
  ],
  ["no.csv.gz", "a\n1\n", /no whole gzip file \(incorrect header check\)/],
  ["late.csv", `a\n${"1\n".repeat(30_000)}oops\n`, /line 30002: column "a" holds "oops".*--null.*--text/],
  ["unknown.csv", two, /no column "c" in the data\. Name one of a, b/, { columns: ["c"] }],
  ["close.csv", "age,b\n1,2\n", /no column "agee".*Did you mean "age"\?/, { columns: ["agee"] }],
  ["twice.csv", two, /Column "a" is asked for twice\. Name each column once/, { columns: ["a", "a"] }],
  ["none.csv", two, /No column is asked for/, { columns: [] }],
  ["names.csv", two, /has 2 columns, and 3 names are given.*--names/, { names: ["x", "y", "z"] }],
  ["equal.csv", two, /names must have unique values/, { names: ["x", "x"] }],
  ["texts.csv", two, /no column "c" to be read as text\. Correct --text/, { texts: ["c"] }],
  ["query.csv", two, /The query on ".*" is empty\. Write one/, { query: " ; " }],
  ["drop.csv", two, /syntax error at or near "table"/, { query: "drop table data" }],
  ["broken.jsonl", '{"a":1}\n{"a":\n', /a line is no JSON.*one JSON object a line/],
  [
    "lists.jsonl",
    '{"v":[1,2]}\n{"v":[1]}\n',
    /"v" has lists of different lengths: 2 in the rows before, 1 in row 2/,
  ],
  ["keys.jsonl", '{"a":1,"a":2}\n', /duplicate key "a"/],
  ["no.parquet", "hello", /no whole Parquet file.*Write or fetch it again/],
  ["cut.parquet", "PAR1PAR0PAR0PAR0", /no whole Parquet file/],
  ["no.duckdb", "hello".repeat(99), /not a valid DuckDB database file\. Correct the file/],
  ["no.sqlite", "hello".repeat(99), /SQLite cannot read it \(file is not a database\)/],
  ["no.idx", "hello", /does not begin as an IDX file/],
  ["cut.idx", idx(9, 2), /it ends 18 bytes too early\. Fetch it again/],
  ["other.idx", idx(0, 2), /no column "label".*Name one of image/, { columns: ["label"] }],
  ["a.xyz", two, /its name does not say what it holds\. Name it \.csv/],
  ["cut.json", profile.slice(0, 200), /cut\.json": The profile is not JSON .* Make the profile again/],
  [
    "later.json",
    profile.replace('"version":2', '"version":9'),
    /later\.json": The profile has version 9;.*Upgrade/,
  ],
  ["less.json", profile.replace('"seed":1,', ""), /less\.json": The profile: "seed" is missing/],
];

test.each(REFUSED)(
  "%s is refused, with its place and what to do",
  async (name, content, message, options) => {
    const path = written(name, content);
    const error: unknown = await read(path, options).catch((caught: unknown) => caught);
    expect(String(error)).toMatch(message);
    expect(errorCode(error)).toMatch(/^SCANFLOW_(DATA|PROFILE)_/);
    expect(String(error)).not.toMatch(/undefined|\[object|\n\s+at |[.!?]\.$/);
  },
);

/** What looks wrong and is not. */
const READ: [string, Content, object, DataOptions?][] = [
  ["mark.csv", "\ufeffa,b\n1,2\n", { "a: number": [1], "b: number": [2] }],
  ["windows.csv", "a,b\r\n1,2\r\n", { "a: number": [1], "b: number": [2] }],
  ["old.csv", "a,b\r1,2\r", { "a: number": [1], "b: number": [2] }],
  ["semicolons.csv", "a;b\n1;2\n", { "a: number": [1], "b: number": [2] }],
  [
    "own.csv",
    '__proto__,"a""b.c","d\ne"\n1,2,3\n',
    { "__proto__: number": [1], 'a"b.c: number': [2], "d\ne: number": [3] },
  ],
  ["same.csv", "a,a\n1,2\n", { "a: number": [1], "a_1: number": [2] }],
  ["zero.csv", "a\nx\u0000y\n", { "a: text": ["x\u0000y"] }],
  [
    "limits.csv",
    "a\n1\n1e308\n-inf\nnan\n",
    { "a: number": [1, 1e308, Number.NEGATIVE_INFINITY, Number.NaN] },
  ],
  ["header.csv", "a,b\n", { "a: text": [], "b: text": [] }],
  ["nested.jsonl", '{"a":{"b":[1]}}\n', { "a: text": ["{'b': [1]}"] }],
  ["kinds.jsonl", '{"a":1}\n{"a":"x"}\n', { "a: text": ["1", "x"] }],
];

test.each(READ)("%s is read", async (name, content, columns, options) => {
  const found = plain(await read(written(name, content), options));
  expect(Object.entries(found)).toEqual(Object.entries(columns));
});

describe("paths and databases", () => {
  test.each([
    ["nowhere.csv", /is not there\. Correct the path/],
    ["*.csv", /fits no file that holds anything/],
    ["", /is a folder\. Name the files in it/],
  ])("%j", async (name, message) => {
    const folder = testFolder();
    mkdirSync(join(folder, "inner"));
    await expect(read(join(folder, "inner", name))).rejects.toThrow(message);
  });

  test("an address is told from a path, and its password is not shown", async () => {
    const error = await read("postgres://me:secret@there/data").catch(String);
    expect(error).toMatch(/is on another machine.*psql/s);
    expect(error).not.toContain("secret");
  });

  test("SQLite: values of several types, whole numbers beyond 2^53 and one name twice", async () => {
    const path = join(testFolder(), "a.sqlite");
    const database = new DatabaseSync(path);
    database.exec(
      'CREATE TABLE t (mixed INT, "__proto__" INT); INSERT INTO t VALUES (1, 9223372036854775807)',
    );
    database.exec("INSERT INTO t VALUES ('x', NULL); CREATE TABLE u (a INT)");
    database.close();
    expect(plain(await read(`${path}#t`))).toMatchObject({ "mixed: text": ["1", "x"] });
    await expect(read(path)).rejects.toThrow(/has 2 tables\. Name one behind the path/);
    await expect(read(`${path}#v`)).rejects.toThrow(/has no table "v"\. Name one of t, u/);
    const twice = read(path, { query: "SELECT 1 AS a, 2 AS a" });
    await expect(twice).rejects.toThrow(/two columns "a"\. Give each a name of its own/);
  });

  test("Parquet with nested types is read as texts, and lists of one length as arrays", async () => {
    const path = join(testFolder(), "a.parquet");
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const row = "SELECT {'x': 1, 'y': [2]} AS s, MAP {'k': 1} AS m, [[1, 2], [3, 4]] AS v, NULL AS n";
    await connection.run(`COPY (${row}) TO '${path}' (FORMAT parquet)`);
    connection.closeSync();
    const { columns } = await read(path);
    expect(columns.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
      "s: text",
      "m: text",
      "v: tensor",
      "n: number",
    ]);
  });
});
