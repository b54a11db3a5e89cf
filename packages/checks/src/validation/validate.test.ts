import { describe, expect, test } from "vitest";
import { batchOf, type ColumnValues } from "../batch/batch-of.ts";
import type { Dataset } from "../checker/checker.ts";
import { datasetOf, datasetOfProfile } from "../checker/dataset-of.ts";
import { createRandom } from "../random/random.ts";
import { inferSchema } from "./infer-schema.ts";
import type { Fault, Schema } from "./schema.ts";
import { validate } from "./validate.ts";

const ROWS = 2_000;

/** People of one town: a second sample differs by chance only. */
function people(seed: number, rows = ROWS): Record<string, unknown[]> {
  const random = createRandom(seed);
  const list = <Value>(value: (row: number) => Value) => Array.from({ length: rows }, (_, row) => value(row));
  const normal = () =>
    list(() => 0).map(() => Array.from({ length: 12 }, random.uniform).reduce((a, b) => a + b) - 6);
  const height = normal().map((z) => 170 + 9 * z);
  return {
    id: list((row) => `p${seed}-${row}`),
    age: list(() => 18 + random.below(70)),
    height,
    weight: height.map((cm) => cm - 100 + 6 * (random.uniform() + random.uniform() - 1)),
    income: list(() => Math.round(20_000 * (1 - random.uniform()) ** -0.4)),
    city: list(() => ["Bonn", "Graz", "Lyon", "Oslo"][Math.floor(4 * random.uniform() ** 2)]),
    street: list(() =>
      random.uniform() < 0.08
        ? null
        : `Street ${String.fromCharCode(97 + random.below(26))}${random.below(9_000)}`,
    ),
    mail: list(() => `a${random.below(1e9)}@town.net`),
    born: list(() => new Date(3e11 + random.below(1e12))),
    member: list(() => random.uniform() < 0.3),
    flat: list(() => 7),
    label: list(() => (random.uniform() < 0.2 ? "yes" : "no")),
  };
}

type Table = Record<string, unknown[]>;

function datasetFrom(table: Table, name = "window"): Dataset {
  return datasetOf(name, batchOf(table as Record<string, ColumnValues>));
}

const reference = datasetFrom(people(1), "reference");
const schema = await inferSchema(reference, { label: "label" });

async function faultsOf(
  change: (table: Table) => void,
  own: Schema = schema,
): Promise<Record<string, Fault[]>> {
  const table = people(2);
  change(table);
  const verdict = await validate(datasetFrom(table), own, { reference });
  return Object.fromEntries(
    Object.entries(verdict.evidence).map(([column, entry]) => [column, entry.faults as unknown as Fault[]]),
  );
}

function set(column: string, rows: readonly number[], value: unknown): (table: Table) => void {
  return (table) => {
    for (const row of rows) (table[column] as unknown[])[row] = value;
  };
}

const some = Array.from({ length: 40 }, (_, at) => 10 + 20 * at);

describe("what is broken is found, with its rows, and nothing else is", () => {
  test.each<[string, string, (table: Table) => void, string, Partial<Fault>]>([
    ["a column that is gone", "age", (table) => delete table.age, "column", { status: "alarm" }],
    [
      "a column that is new",
      "extra",
      (table) => {
        table.extra = table.age ?? [];
      },
      "unknownColumn",
      { status: "warning" },
    ],
    [
      "words among numbers",
      "age",
      set("age", [4], "n/a"),
      "type",
      { rows: 1, firstRows: [5], examples: ["n/a"] },
    ],
    [
      "a column of another kind",
      "born",
      (table) => {
        table.born = table.age ?? [];
      },
      "type",
      { rows: ROWS },
    ],
    ["missing values where there were none", "age", set("age", some, null), "missing", { rows: 40 }],
    [
      "more missing values than before",
      "street",
      set(
        "street",
        Array.from({ length: 300 }, (_, at) => at),
        null,
      ),
      "missing",
      {},
    ],
    ["empty texts", "city", set("city", some, ""), "missing", { rows: 40 }],
    [
      "infinite values",
      "height",
      set("height", [7], Number.POSITIVE_INFINITY),
      "nonFinite",
      { examples: ["Infinity"] },
    ],
    ["fractions among whole numbers", "age", set("age", [7], 30.5), "fraction", { examples: [30.5] }],
    ["a value far out", "age", set("age", [7], -999), "limits", { firstRows: [8] }],
    ["values somewhat out", "age", set("age", some, 90), "range", { rows: 40 }],
    ["a new level", "city", set("city", some, "Rome"), "values", { examples: ["Rome"] }],
    ["another way to write a level", "city", set("city", some, "bonn "), "values", { rows: 40 }],
    ["numbers among texts", "street", set("street", some, "12"), "numeric", { rows: 40 }],
    ["what is no mail address", "mail", set("mail", some, "nobody"), "pattern", { rows: 40 }],
    [
      "a key that is repeated",
      "id",
      (table) => {
        for (const row of some) (table.id as unknown[])[row] = "p2-0";
      },
      "key",
      { rows: 40 },
    ],
    ["a column that is stuck", "age", (table) => (table.age as unknown[]).fill(44), "stuck", { rows: ROWS }],
    ["a constant that changes", "flat", set("flat", some, 8), "range", { rows: 40 }],
    [
      "columns that no longer belong together",
      "height",
      (table) => (table.weight as unknown[]).reverse(),
      "correlation",
      { status: "warning" },
    ],
    [
      "a class that is gone",
      "label",
      (table) => (table.label as unknown[]).fill("no"),
      "classes",
      { status: "warning" },
    ],
  ])("%s", async (_, column, change, rule, fault) => {
    const faults = await faultsOf(change);
    const own = faults[column] ?? [];
    expect(own.map((found) => found.rule)).toContain(rule);
    expect(own.find((found) => found.rule === rule)).toMatchObject(fault);
    expect(own.every(({ message, action }) => message !== "" && action !== "")).toBe(true);
    const elsewhere = Object.keys(faults).filter((name) => name !== column);
    expect(elsewhere).toEqual([]);
  });

  test("rows that are repeated, that contradict each other, and that are in the reference", async () => {
    const loose = await inferSchema(reference, { label: "label" });
    const copy = (from: Table, rows: readonly number[], except?: string) => (table: Table) => {
      for (const [name, values] of Object.entries(from))
        for (const [at, row] of rows.entries())
          if (name !== except) (table[name] as unknown[])[1_000 + at] = values[row];
    };
    const own = people(2);
    const rows = Array.from({ length: 60 }, (_, at) => at);
    const rulesOf = async (change: (table: Table) => void) =>
      ((await faultsOf(change, loose))["(rows)"] ?? []).map(({ rule }) => rule);
    expect(await rulesOf(copy(own, rows))).toContain("duplicates");
    expect(await rulesOf(copy(people(1), rows))).toEqual(["overlap"]);
    const contradict = (table: Table) => {
      copy(own, rows, "label")(table);
      for (const at of rows) (table.label as unknown[])[1_000 + at] = own.label?.[at] === "no" ? "yes" : "no";
    };
    expect(await rulesOf(contradict)).toEqual(["conflicts"]);
    const renamed = (change: (table: Table) => void) => (table: Table) => {
      const ids = [...(table.id ?? [])];
      change(table);
      table.id = ids;
    };
    expect(await rulesOf(renamed(copy(people(1), rows)))).toEqual(["overlap"]);
    expect(await rulesOf(renamed(contradict))).toEqual(["conflicts"]);
  });
});

describe("nothing is found in a second sample of the same source", () => {
  test.each([
    [2_000, 2_000],
    [2_000, 100],
    [300, 3_000],
    [60, 1_000],
    [2_000, 1],
  ])("with a schema of %i rows and a window of %i", async (first, second) => {
    const messages: string[] = [];
    for (let seed = 10; seed < 16; seed += 1) {
      const before = datasetFrom(people(seed, first), "before");
      const own = await inferSchema(before, { label: "label" });
      const verdict = await validate(datasetFrom(people(100 + seed, second)), own, { reference: before });
      if (verdict.status !== "ok") messages.push(verdict.message);
    }
    expect(messages).toEqual([]);
  });

  test("whatever the order of its columns and the size of its batches", async () => {
    const table = Object.fromEntries(Object.entries(people(3)).reverse());
    const batch = batchOf(table as Record<string, ColumnValues>);
    const parts = [0, 700, 1_400].map((from) =>
      batchOf(
        Object.fromEntries(
          Object.entries(table).map(([name, values]) => [name, values.slice(from, from + 700) as never]),
        ),
      ),
    );
    const whole = await validate(datasetOf("window", batch), schema);
    expect(whole.status).toBe("ok");
    expect(await validate(datasetOf("window", parts), schema)).toEqual(whole);
  });
});

test("a schema can be inferred from a saved profile, and a profile can be validated", async () => {
  const profile = await reference.profile();
  const own = await inferSchema(JSON.parse(JSON.stringify(profile)), { label: "label" });
  expect(own.columns).toEqual(schema.columns);
  const window = datasetFrom(people(2));
  expect((await validate(window, own)).status).toBe("ok");
  const kept = datasetOfProfile(
    "kept",
    await datasetFrom({ ...people(2), age: people(2).height ?? [] }).profile(),
  );
  expect((await validate(kept, own)).columns).toContain("age");
});

describe("what cannot be judged says what to do", () => {
  test.each([
    ["no rows", { age: [] as number[] }, /has no rows: give data/],
    ["no column of the schema", { other: [1, 2] }, /has no column of the schema/],
  ])("%s", async (_, table, message) => {
    const verdict = await validate(datasetFrom(table), schema);
    expect(verdict.status).toBe("invalid");
    expect(verdict.message).toMatch(message);
  });

  test("a schema of nothing", async () => {
    await expect(inferSchema(datasetFrom({ age: [] }))).rejects.toThrow(/has no rows: give data/);
    await expect(inferSchema(reference, { label: "lable" })).rejects.toMatchObject({
      code: "SCANFLOW_SCHEMA_INVALID",
    });
  });

  test("all missing, one row, infinite and constant columns are judged", async () => {
    const odd = datasetFrom({
      gone: new Array(50).fill(null),
      one: [1, ...new Array(49).fill(null)],
      endless: new Array(50).fill(Number.NEGATIVE_INFINITY),
      same: new Array(50).fill("x"),
    });
    const own = await inferSchema(odd);
    expect((await validate(odd, own)).status).toBe("ok");
  });
});
