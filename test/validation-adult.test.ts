import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  batchOf,
  type ColumnBatch,
  type ColumnValues,
  checkContext,
  type Dataset,
  datasetOf,
  takeRows,
} from "@scanflow/checks";
import { type Fault, inferSchema, type Schema, sanityChecker, validate } from "@scanflow/checks/validation";
import { beforeAll, describe, expect, test } from "vitest";

const folder = join(process.env.SCANFLOW_DATA ?? join(import.meta.dirname, "../../shared/data"), "adult");
const there = existsSync(folder);
if (!there) process.stderr.write(`skipped: no Adult data in ${folder}; set SCANFLOW_DATA\n`);

const NAMES =
  "age workclass fnlwgt education education-num marital-status occupation relationship race sex capital-gain capital-loss hours-per-week native-country income".split(
    " ",
  );
const NUMBERS = new Set("age fnlwgt education-num capital-gain capital-loss hours-per-week".split(" "));

type Cell = number | string | null;
type Table = Record<string, Cell[]>;

/** No header, a space after each comma, `?` where a value is missing; the test file ends its labels with a dot. */
function readAdult(part: "train" | "test"): Table {
  const text = gunzipSync(readFileSync(join(folder, `adult-${part}.csv.gz`))).toString("utf8");
  const rows = text
    .trim()
    .split("\n")
    .map((line) => line.split(",").map((cell) => cell.trim()));
  const cell = (name: string, value = ""): Cell => {
    if (value === "?") return null;
    return NUMBERS.has(name) ? Number(value) : value.replace(/\.$/, "");
  };
  return Object.fromEntries(NAMES.map((name, at) => [name, rows.map((row) => cell(name, row[at]))]));
}

function batchFrom(table: Table): ColumnBatch {
  return batchOf(table as Record<string, ColumnValues>);
}

/** Park and Miller's generator: the test's own chance. */
function chance(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
}

describe.skipIf(!there && !process.env.CI)("Adult, against a schema inferred from its training file", () => {
  let trainTable: Table;
  let testTable: Table;
  let train: Dataset;
  let schema: Schema;
  beforeAll(async () => {
    trainTable = readAdult("train");
    testTable = readAdult("test");
    train = datasetOf("adult-train", batchFrom(trainTable));
    schema = await inferSchema(train, { label: "income" });
  });

  test("its clean test file breaks no rule", async () => {
    const verdict = await validate(datasetOf("adult-test", batchFrom(testTable)), schema, {
      reference: train,
    });
    expect(verdict.message).toBe('16,281 rows of "adult-test" keep all rules of 15 columns.');
    expect(verdict.status).toBe("ok");
  });

  /** Random halves of the training file. */
  function* halves(draws: number): Generator<readonly [first: Dataset, second: Dataset]> {
    const whole = batchFrom(trainTable);
    const below = chance(7);
    for (let draw = 0; draw < draws; draw += 1) {
      const order = Array.from({ length: whole.rows }, (_, row) => row);
      for (let at = order.length - 1; at > 0; at -= 1) {
        const other = below(at + 1);
        [order[at], order[other]] = [order[other] as number, order[at] as number];
      }
      const half = (rows: number[]) => takeRows(whole, rows);
      const options = { seed: draw + 1, sampleSize: 4_000 };
      yield [
        datasetOf("first", half(order.slice(0, 16_280)), options),
        datasetOf("second", half(order.slice(16_280)), options),
      ];
    }
  }

  test("of random halves all are fit for the other, but for two columns that say the same", async () => {
    for (const [first, second] of halves(4)) {
      const context = checkContext("sanity", { params: { label: "income" } });
      const { status, columns, message } = await sanityChecker(second, first, context);
      expect([status, columns]).toEqual(["warning", ["education-num"]]);
      expect(message).toContain('it holds the same as "education"');
    }
  });

  test("of twenty random halves none breaks a rule of the other half", async () => {
    const messages: string[] = [];
    for (const [first, second] of halves(20)) {
      const own = await inferSchema(first, { label: "income" });
      const verdict = await validate(second, own, { reference: first });
      if (verdict.status !== "ok") messages.push(verdict.message);
    }
    expect(messages).toEqual([]);
  });

  test("twelve planted faults are all found, in their rows, and no other one is", async () => {
    const table = Object.fromEntries(Object.entries(testTable).map(([name, values]) => [name, [...values]]));
    const put = (name: string, rows: readonly number[], value: (row: number) => Cell) => {
      for (const row of rows) (table[name] as Cell[])[row] = value(row);
    };
    const from = (first: number, count: number) => Array.from({ length: count }, (_, at) => first + at);
    const planted: Record<string, string> = {
      age: "type", // a word among numbers, in one row
      workclass: "missing", // a tenth of the values lost
      fnlwgt: "limits", // a unit that changed, in three rows
      education: "values", // a new level in 30 rows
      "marital-status": "column", // renamed
      marital_status: "unknownColumn", // what it was renamed to
      race: "stuck", // one value only
      sex: "values", // written in small letters in 25 rows
      "capital-gain": "nonFinite", // two overflows
      "hours-per-week": "fraction", // days instead of hours, in five rows
      "(rows) duplicates": "duplicates", // 150 rows delivered twice
      "(rows) overlap": "overlap", // 200 rows of the training file
    };
    for (const name of NAMES) {
      const values = table[name] as Cell[];
      for (const row of from(0, 150)) values[8_000 + row] = values[row] as Cell;
      for (const row of from(0, 200)) values[9_000 + row] = trainTable[name]?.[5_000 + row] as Cell;
    }
    put("age", [12], () => "forty");
    put("workclass", from(10_000, 1_600), () => null);
    put("fnlwgt", [20, 21, 22], (row) => 1e9 + row);
    put("education", from(11_000, 30), () => "Bootcamp");
    put("race", from(0, 16_281), () => "White");
    put("sex", from(12_000, 25), () => "male");
    put("capital-gain", [30, 31], () => Number.POSITIVE_INFINITY);
    put("hours-per-week", from(13_000, 5), () => 1.5);
    table.marital_status = table["marital-status"] as Cell[];
    delete table["marital-status"];

    const verdict = await validate(datasetOf("planted", batchFrom(table)), schema, { reference: train });
    const faults = Object.entries(verdict.evidence).flatMap(([column, entry]) =>
      (entry.faults as unknown as Fault[]).map((fault) => ({ ...fault, place: column })),
    );
    const found = faults.map(({ place, rule }) => [place === "(rows)" ? `(rows) ${rule}` : place, rule]);
    expect(Object.fromEntries(found)).toEqual(planted);
    expect(faults).toHaveLength(12);
    const rowsOf = (place: string) => faults.find((fault) => fault.place === place);
    expect(rowsOf("age")).toMatchObject({ rows: 1, firstRows: [13], examples: ["forty"] });
    expect(rowsOf("fnlwgt")).toMatchObject({ rows: 3, firstRows: [21, 22, 23] });
    expect(rowsOf("education")).toMatchObject({ rows: 30, examples: ["Bootcamp"] });
    expect(rowsOf("sex")?.message).toContain('"Male" is one of them');
    expect(rowsOf("marital-status")?.action).toContain('renamed to "marital_status"');
    expect(verdict.status).toBe("alarm");
  });
});
