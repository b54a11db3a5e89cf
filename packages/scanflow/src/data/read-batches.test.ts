import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { columnOf, isValid, type NumberColumn } from "@scanflow/checks";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readBatches } from "./read-batches.ts";
import { plain, readTable, testFolder } from "./table.test.support.ts";

function written(name: string, content: string | Uint8Array): string {
  const path = join(testFolder(), name);
  writeFileSync(path, content);
  return path;
}

describe("CSV", () => {
  test("columns have the kinds of their values; missing is not NaN", async () => {
    const path = written(
      "a.csv",
      "id,share,yes,when,word\n1,0.5,true,2024-01-02,x\n,nan,false,2024-01-03,\n3,inf,true,1969-12-31,a longer text than twelve\n",
    );
    const batch = await readTable(path);
    expect(plain(batch)).toEqual({
      "id: number": [1, null, 3],
      "share: number": [0.5, Number.NaN, Number.POSITIVE_INFINITY],
      "yes: boolean": [1, 0, 1],
      "when: time": [Date.UTC(2024, 0, 2), Date.UTC(2024, 0, 3), -86_400_000],
      "word: text": ["x", null, "a longer text than twelve"],
    });
    expect(columnOf(batch, "id")).toMatchObject({ integer: true });
    expect((columnOf(batch, "id") as NumberColumn).values[1]).toBeNaN();
    expect(columnOf(batch, "share")).toMatchObject({ integer: false, validity: null });
  });

  test("yes and no, t and f, are words, as in a file with a third one; true and false in any case are booleans", async () => {
    const path = written("a.csv", "bought,sex,Ok,late\nyes,f,True,false\nno,t,FALSE,\n,f,,true\n");
    expect(plain(await readTable(path))).toEqual({
      "bought: text": ["yes", "no", null],
      "sex: text": ["f", "t", "f"],
      "Ok: boolean": [1, 0, null],
      "late: boolean": [0, null, 1],
    });
    expect(plain(await readTable(written("b.csv", "truth,said\nyes,no\nno,no\n")))).toEqual({
      "truth: text": ["yes", "no"],
      "said: text": ["no", "no"],
    });
    const bare = { names: ["a", "b"], columns: ["b"] };
    expect(plain(await readTable(written("c.csv", "yes,1\nno,2\n"), bare))).toEqual({ "b: number": [1, 2] });
    expect(plain(await readTable(written("d.csv", "yes,t\nno,f\n"), { header: false }))).toEqual({
      "column0: text": ["yes", "no"],
      "column1: text": ["t", "f"],
    });
  });

  test("semicolons, tabs, gzip, texts for missing, spaces and files without names are read", async () => {
    expect(plain(await readTable(written("a.csv", "a;b\n1,5;2\n")))).toEqual({
      "a: text": ["1,5"],
      "b: number": [2],
    });
    expect(plain(await readTable(written("a.tsv", "a,x\tb\n1\t2\n")))).toEqual({
      "a,x: number": [1],
      "b: number": [2],
    });
    const adult = written("a.csv.gz", gzipSync("39, State-gov\n50, ?\n?, Private\n"));
    const options = { names: ["age", "class"], nullText: ["?"], trim: true };
    expect(plain(await readTable(adult, options))).toEqual({
      "age: number": [39, 50, null],
      "class: text": ["State-gov", null, "Private"],
    });
  });

  test("only the columns that are asked for are read, in that order", async () => {
    const path = written("a.csv", "a,b,c\n1,2,3\n");
    expect(Object.keys(plain(await readTable(path, { columns: ["c", "a"] })))).toEqual([
      "c: number",
      "a: number",
    ]);
    await expect(readTable(path, { columns: ["bb"] })).rejects.toThrow(/no column "bb".*Did you mean "b"/);
  });

  test("a glob reads all files by name; a name that looks like a pattern is a name", async () => {
    const folder = testFolder();
    writeFileSync(join(folder, "2.csv"), "a\n2\n");
    writeFileSync(join(folder, "1.csv"), "a\n1\n");
    writeFileSync(join(folder, "[1].csv"), "a\n3\n");
    expect(plain(await readTable(join(folder, "?.csv")))).toEqual({ "a: number": [1, 2] });
    expect(plain(await readTable(join(folder, "[1].csv")))).toEqual({ "a: number": [3] });
  });

  test("a name that would end an SQL text is only a name", async () => {
    const path = written("a'); DROP TABLE x; --.csv", "a\"b,c'd\n1,2\n");
    expect(Object.keys(plain(await readTable(path)))).toEqual(['a"b: number', "c'd: number"]);
  });

  test("whatever texts there are, over several batches, they come back", async () => {
    const texts = fc.array(fc.string({ unit: "grapheme", maxLength: 20 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(texts, async (values) => {
        const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const rows = Array.from({ length: 3000 }, (_, row) => values[row % values.length] ?? "");
        const path = written(
          "a.csv",
          `n,text\n${rows.map((text, row) => `${row},${cell(text)}`).join("\n")}\n`,
        );
        const read = plain(await readTable(path, { header: true, texts: ["text"] }))["text: text"];
        expect(read).toEqual(rows.map((text) => (text === "" ? null : text)));
      }),
      { numRuns: 10 },
    );
  });

  test("many rows come in batches of bounded size, with every missing value where it was", async () => {
    const rows = 100_000;
    const lines = Array.from({ length: rows }, (_, row) => (row % 7 === 0 ? "," : `${row},w${row % 1000}`));
    let at = 0;
    let told = 0;
    const progress = ({ rows: read }: { rows: number }) => {
      told = read;
    };
    for await (const batch of readBatches(written("a.csv", `n,t\n${lines.join("\n")}\n`), { progress })) {
      const [numbers, texts] = batch.columns;
      if (numbers?.kind !== "number" || texts?.kind !== "text") throw new Error("other kinds");
      expect(batch.rows).toBeLessThanOrEqual(32_768);
      for (let row = 0; row < batch.rows; row += 1, at += 1) {
        const there = at % 7 !== 0;
        if (isValid(numbers.validity, row) !== there || isValid(texts.validity, row) !== there)
          throw new Error(`row ${at}`);
        if (
          there &&
          (numbers.values[row] !== at || texts.dictionary[texts.codes[row] ?? -1] !== `w${at % 1000}`)
        ) {
          throw new Error(`row ${at} holds ${numbers.values[row]}`);
        }
      }
    }
    expect([at, told]).toEqual([rows, rows]);
  });

  test("a file with names and no rows has columns all the same", async () => {
    const batch = await readTable(written("a.csv", "a,b\n"));
    expect([batch.rows, batch.columns.map(({ name }) => name)]).toEqual([0, ["a", "b"]]);
  });
});

describe("other formats", () => {
  test("Parquet keeps its types; lists of one length are tensors", async () => {
    const folder = testFolder();
    const path = join(folder, "a.parquet");
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT * FROM (VALUES (1::TINYINT, 2.50::DECIMAL(9,2), [[1,2],[3,4]], 'a'::VARCHAR), (NULL, 1, NULL, 'b'), (3, NULL, [[5,6],[7,8]], NULL)) t(i, d, image, w)) TO '${path}' (FORMAT parquet)`,
    );
    const batch = await readTable(path);
    expect(plain(batch)).toEqual({
      "i: number": [1, null, 3],
      "d: number": [2.5, 1, null],
      "image: tensor": [[1, 2, 3, 4], null, [5, 6, 7, 8]],
      "w: text": ["a", "b", null],
    });
    expect(columnOf(batch, "image")).toMatchObject({ shape: [2, 2] });
    await connection.run(`COPY (SELECT unnest([[1],[1,2]]) AS x) TO '${path}' (FORMAT parquet)`);
    await expect(readTable(path)).rejects.toThrow(
      /Column "x" has lists of different lengths: 1 .* 2 in row 2/,
    );
  });

  test("JSON lines", async () => {
    const path = written("a.jsonl", '{"a":1,"b":"x"}\n{"a":2.5,"b":null}\n{"b":"y"}\n');
    expect(plain(await readTable(path))).toEqual({
      "a: number": [1, 2.5, null],
      "b: text": ["x", null, "y"],
    });
  });

  test("a table, or a query, of a DuckDB and of an SQLite database", async () => {
    const folder = testFolder();
    const duck = await DuckDBInstance.create(join(folder, "a.duckdb"));
    const connection = await duck.connect();
    await connection.run("CREATE TABLE t AS SELECT 1 AS a; CREATE TABLE u AS SELECT 'x' AS b");
    connection.closeSync();
    duck.closeSync();
    const lite = new DatabaseSync(join(folder, "a.sqlite"));
    lite.exec("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (NULL), (2)");
    lite.close();
    expect(plain(await readTable(join(folder, "a.duckdb#u")))).toEqual({ "b: text": ["x"] });
    expect(plain(await readTable(join(folder, "a.sqlite")))).toEqual({ "a: number": [1, null, 2] });
    for (const file of ["a.duckdb", "a.sqlite"]) {
      const query = "SELECT max(a) AS top FROM t;";
      const top = file === "a.duckdb" ? 1 : 2;
      expect(plain(await readTable(join(folder, file), { query }))).toEqual({ "top: number": [top] });
    }
    await expect(readTable(join(folder, "a.duckdb"))).rejects.toThrow(/has 2 tables.*a\.duckdb#t/);
    await expect(readTable(join(folder, "a.sqlite#tt"))).rejects.toThrow(/Did you mean "t"/);
  });

  test("IDX: labels are numbers, images tensors", async () => {
    const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9);
    const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 5, 255);
    expect(plain(await readTable(written("labels-idx1-ubyte.gz", gzipSync(labels))))).toEqual({
      "label: number": [7, 9],
    });
    expect(plain(await readTable(written("images-idx3-ubyte", images)))).toEqual({
      "image: tensor": [[5, 255]],
    });
    const scaled = Uint8Array.of(0, 0, 13, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0x3f, 0, 0, 0, 0xbf, 0x80, 0, 0);
    expect(plain(await readTable(written("scaled-idx2-float", scaled)))).toEqual({
      "image: tensor": [[0.5, -1]],
    });
    const shorts = Uint8Array.of(0, 0, 11, 1, 0, 0, 0, 2, 1, 0, 0xff, 0xfe);
    expect(plain(await readTable(written("labels-idx1-short", shorts)))).toEqual({
      "label: number": [256, -2],
    });
    await expect(readTable(written("cut-idx3-ubyte", images.slice(0, 17)))).rejects.toThrow(
      /ends 1 bytes too early/,
    );
  });
});

describe("what cannot be read says which file, which line and what to do", () => {
  const number = "a,b\n1,2\n";
  test.each([
    [
      "a ragged row",
      "a.csv",
      `${number}3,4,5\n`,
      "UNREADABLE",
      /a\.csv" line 3: the row has 3 cells, the others have 2/,
    ],
    [
      "a late ragged row",
      "a.csv",
      `${number.repeat(1)}${"1,2\n".repeat(40_000)}3\n`,
      "UNREADABLE",
      /line 40003: the row has 1 cells/,
    ],
    [
      "a word among numbers",
      "a.csv",
      `a,b\n${"1,2\n".repeat(30_000)}x,3\n`,
      "UNREADABLE",
      /line 30002: column "a" holds "x", .*numbers/,
    ],
    ["an open quote", "a.csv", 'a,b\n1,"x\n2,3\n', "UNREADABLE", /line 2: a quote is not closed/],
    [
      "bytes that are no text",
      "a.csv",
      Uint8Array.of(0x61, 0x0a, 0xff, 0xfe, 0x0a),
      "UNREADABLE",
      /no UTF-8 text/,
    ],
    ["Parquet that is none", "a.parquet", "PAR1 and more, but no end", "UNREADABLE", /no whole Parquet file/],
    ["a line that is no JSON", "a.jsonl", '{"a":1}\n{"a":}\n', "UNREADABLE", /a line is no JSON/],
    [
      "a database that is none",
      "a.sqlite",
      "no database at all, but a text that is long",
      "UNREADABLE",
      /SQLite cannot read it/,
    ],
    ["an empty file", "a.csv", "", "FILE", /is empty/],
    ["a name that says nothing", "a.bin", "x", "FORMAT", /its name does not say/],
  ])("%s", async (_, name, content, code, message) => {
    const reading = readTable(written(name, content));
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toMatchObject({ code: `SCANFLOW_DATA_${code}` });
  });

  test("a file that is not there, a folder, a pattern that fits nothing, an address", async () => {
    const folder = testFolder();
    mkdirSync(join(folder, "d.csv"));
    await expect(readTable(join(folder, "x.csv"))).rejects.toThrow(/is not there/);
    await expect(readTable(join(folder, "d.csv"))).rejects.toThrow(/is a folder/);
    await expect(readTable(join(folder, "*.parquet"))).rejects.toThrow(/fits no file/);
    await expect(readTable("postgresql://me:secret@host/db")).rejects.toThrow(/psql -c/);
    await expect(readTable("postgresql://me:secret@host/db")).rejects.not.toThrow(/secret/);
  });

  test("reading ends when its signal says so", async () => {
    const signal = AbortSignal.abort();
    await expect(readTable(written("a.csv", number), { signal })).rejects.toThrow(/abort/i);
  });
});

const shared = process.env.SCANFLOW_DATA ?? join(import.meta.dirname, "../../../../../shared/data");

test.skipIf(!existsSync(shared) && !process.env.CI)(
  "the sets of shared/data are read as they are",
  async () => {
    const adult = await readTable(join(shared, "adult/adult-train.csv.gz"), { nullText: ["?"], trim: true });
    expect(adult.rows).toBe(32_561);
    expect(adult.columns.map(({ kind }) => kind).join()).toMatch(/^number,text,number,text/);
    const elec = await readTable(join(shared, "elec2/elec.csv.gz"));
    expect([elec.rows, elec.columns.length]).toEqual([45_312, 7]);
    const digits = await readTable(join(shared, "mnist/t10k-images-idx3-ubyte.gz"));
    expect(digits).toMatchObject({ rows: 10_000, columns: [{ kind: "tensor", shape: [28, 28] }] });
  },
);
