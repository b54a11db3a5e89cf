import fc from "fast-check";
import { expect, test } from "vitest";
import { readTable } from "./read-table.ts";

async function* pieces(text: string, length = 3): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

test("columns have the type that all their values have; cells may hold delimiters, quotes and line ends", async () => {
  const text =
    'id,name,share,"when, exactly",ok\r\n1,"a ""b"", c",0.5,2024-01-01,true\r\n2,"d\ne",1,2024-01-02T03:04:05Z,false\r\n\r\n3,,,,';
  expect(await readTable("x.csv", pieces(text))).toEqual({
    schema: {
      format: "csv",
      columns: [
        { name: "id", type: "integer" },
        { name: "name", type: "text" },
        { name: "share", type: "number" },
        { name: "when, exactly", type: "time" },
        { name: "ok", type: "boolean" },
      ],
    },
    rows: 3,
  });
});

test.each([
  ["a;b\n1;2\n", ["a", "b"], 1],
  ["a\tb,c\td\n1\t2\t3\n", ["a", "b,c", "d"], 1],
  ["\uFEFFa,b\n1,2", ["a", "b"], 1],
  [",x\n0,1\n", ["column 1", "x"], 1],
  ["5,1\n6,2\n", ["column 1", "column 2"], 2],
  ["größe,名\n1,2\n", ["größe", "名"], 1],
])("the names and rows of %j are found", async (text, names, rows) => {
  const table = await readTable("x.csv", pieces(text));
  expect(table?.schema.columns.map(({ name }) => name)).toEqual(names);
  expect(table?.rows).toBe(rows);
});

test("JSON lines have the columns of all their objects", async () => {
  const text = '{"a":1,"b":"x"}\n{"a":1.5,"c":[1]}\n{"b":2,"d":null}\n';
  expect(await readTable("x.jsonl", pieces(text))).toEqual({
    schema: {
      format: "jsonl",
      columns: [
        { name: "a", type: "number" },
        { name: "b", type: "mixed" },
        { name: "c", type: "list" },
        { name: "d", type: "empty" },
      ],
    },
    rows: 3,
  });
});

test.each([
  ["x.bin", "a,b\n1,2\n"],
  ["x.csv", ""],
  ["x.csv", "a\0b,c\n"],
  ["x.jsonl", "[1]\n"],
  ["x.jsonl", "not json\n"],
])("%s with %j is no table", async (name, text) => {
  expect(await readTable(name, pieces(text))).toBeNull();
});

test("of a cut file the last line is not judged", async () => {
  const table = await readTable("x.csv", pieces("a,b\n1,2\n3,fou", 4), 12);
  expect(table).toMatchObject({ rows: 1, schema: { columns: [{ type: "integer" }, { type: "integer" }] } });
});

test("whatever cells hold, they are counted as they were written, however the bytes are cut", async () => {
  const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", "é", " ") });
  const grid = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 });
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(grid, fc.integer({ min: 1, max: 7 }), async (rows, length) => {
      const text = `first,second\n${rows.map((row) => row.map(quoted).join(",")).join("\n")}`;
      const table = await readTable("x.csv", pieces(text, length));
      expect(table?.rows).toBe(rows.length);
      expect(table?.schema.columns).toHaveLength(2);
    }),
  );
});
