import { describe, expect, test } from "vitest";
import { batchOf, type ColumnValues } from "../../batch/batch-of.ts";
import { checkContext } from "../../checker/check-context.ts";
import type { Dataset } from "../../checker/checker.ts";
import { datasetOf, datasetOfProfile } from "../../checker/dataset-of.ts";
import type { JsonObject } from "../../json/json.ts";
import { createRandom } from "../../random/random.ts";
import type { Fault } from "../schema.ts";
import { sanityChecker } from "./sanity-checker.ts";

type Cell = number | string | boolean | null;
type Table = Record<string, Cell[]>;

/** Patients of one clinic: a second sample differs by chance only. */
function patients(seed: number, rows = 1_500): Table {
  const { uniform, below } = createRandom(seed, "patients");
  const list = (value: (row: number) => Cell) => Array.from({ length: rows }, (_, row) => value(row));
  const age = list(() => 20 + below(60)) as number[];
  const pressure = age.map((own) => 100 + own / 2 + 30 * uniform());
  return {
    file: list((row) => `f${seed}-${row}`),
    age,
    pressure,
    weight: list(() => 50 + 60 * uniform()),
    ward: list(() => ["A", "B", "C", "D"][Math.floor(4 * uniform() ** 1.5)] ?? "D"),
    smoker: list(() => uniform() < 0.3),
    label: pressure.map((own) => (own + 40 * uniform() > 165 ? "ill" : "well")),
  };
}

function tableOf(table: Table, name: string): Dataset {
  return datasetOf(name, batchOf(table as Record<string, ColumnValues>), { seed: 1, sampleSize: 10_000 });
}

async function faultsOf(
  change: (table: Table, reference: Table) => void,
  { params = {}, alone = false }: { params?: JsonObject; alone?: boolean } = {},
): Promise<[place: string, rule: string, status: string][]> {
  const [window, reference] = [patients(2), patients(1)];
  change(window, reference);
  const verdict = await sanityChecker(
    tableOf(window, "window"),
    alone ? null : tableOf(reference, "reference"),
    checkContext("sanity", { params: { label: "label", ids: ["file"], ...params } }),
  );
  return Object.entries(verdict.evidence).flatMap(([place, { faults = [] }]) =>
    (faults as unknown as Fault[]).map(({ rule, status }): [string, string, string] => [place, rule, status]),
  );
}

function set(column: string, value: (row: number, table: Table) => Cell, rows?: [from: number, to: number]) {
  return (table: Table) => {
    const [from, to] = rows ?? [0, table.age?.length ?? 0];
    const values = [...(table[column] ?? new Array(table.age?.length ?? 0).fill(null))];
    for (let row = from; row < to; row += 1) values[row] = value(row, table);
    table[column] = values;
  };
}

/** Writes the first rows of one table over later rows of another. */
function copy(to: Table, from: Table, { count = 100, except = [] as string[] } = {}): void {
  for (const name of Object.keys(to).filter((own) => !except.includes(own)))
    for (let row = 0; row < count; row += 1) (to[name] as Cell[])[1_000 + row] = from[name]?.[row] ?? null;
}

const { uniform } = createRandom(9, "faults");
const pill = (_: number, __: Table) => (row: Cell) => (row === "ill" ? "pill" : "none");

describe("what is planted is found, and nothing else is", () => {
  test.each<[string, string, string, string, (table: Table, reference: Table) => void]>([
    [
      "a column that tells the label",
      "drug",
      "leak",
      "alarm",
      (table) => set("drug", (row) => pill(row, table)(table.label?.[row] ?? null))(table),
    ],
    ["a column of names", "code", "identifier", "warning", set("code", (row) => `c${row * 7_919}`)],
    ["a column of one value", "site", "constant", "warning", set("site", () => "Graz")],
    [
      "a column of nearly one value",
      "site",
      "constant",
      "warning",
      set("site", (row) => (row % 300 === 0 ? "Bonn" : "Graz")),
    ],
    ["a column without values", "site", "constant", "warning", set("site", () => null)],
    [
      "a copy in another unit",
      "pounds",
      "copy",
      "warning",
      (table) => set("pounds", (row) => 2.2 * (table.weight?.[row] as number))(table),
    ],
    [
      "a copy in other words",
      "floor",
      "copy",
      "warning",
      (table) => set("floor", (row) => "ABCD".indexOf(table.ward?.[row] as string))(table),
    ],
    [
      "a rare class",
      "label",
      "imbalance",
      "warning",
      set("label", (row, table) => (row < 1_400 ? "well" : (table.label?.[row] ?? null))),
    ],
    ["a class of few rows", "label", "smallGroup", "warning", set("label", () => "new", [0, 12])],
    [
      "rows that are repeated",
      "(rows)",
      "duplicates",
      "alarm",
      (table) => copy(table, table, { count: 300, except: ["file"] }),
    ],
    [
      "rows that contradict each other",
      "(rows)",
      "conflicts",
      "alarm",
      (table) => {
        copy(table, table, { except: ["file", "label"] });
        for (let row = 0; row < 100; row += 1)
          (table.label as Cell[])[1_000 + row] = table.label?.[row] === "ill" ? "well" : "ill";
      },
    ],
    [
      "rows of the reference under other names",
      "(rows)",
      "overlap",
      "alarm",
      (table, reference) => copy(table, reference, { except: ["file"] }),
    ],
    [
      "files of the reference",
      "file",
      "sharedId",
      "alarm",
      (table, reference) => copy({ file: table.file ?? [] }, reference),
    ],
    [
      "a column that was shuffled",
      "pressure",
      "relation",
      "alarm",
      (table) => table.pressure?.sort(() => uniform() - 0.5),
    ],
    ["a level that is new", "ward", "unseen", "alarm", set("ward", () => "E", [0, 150])],
    [
      "values beyond all others",
      "weight",
      "unseen",
      "warning",
      set("weight", () => 200 + uniform(), [0, 60]),
    ],
    [
      "a level that is gone",
      "ward",
      "uncovered",
      "alarm",
      set("ward", (row, table) => (table.ward?.[row] === "A" ? "B" : (table.ward?.[row] ?? null))),
    ],
  ])("%s", async (_, place, rule, status, change) => {
    const found = await faultsOf(change);
    expect(found.filter((own) => own[0] === place)).toContainEqual([place, rule, status]);
    const others = found.filter(([other, own]) => other !== place && own !== "unseen" && own !== "relation");
    expect(others).toEqual([]);
  });

  test("a combination that is missing, though each of its parts is there", async () => {
    const change = (table: Table) => {
      for (const [row, ward] of (table.ward ?? []).entries())
        if (ward === "B") (table.smoker as Cell[])[row] = false;
    };
    expect(await faultsOf(change)).toContainEqual(["ward", "uncovered", "alarm"]);
  });

  test("copies of copies, each told once", async () => {
    const found = await faultsOf((table) => {
      for (const name of ["a", "b", "c"]) set(name, (row) => 3 - (table.weight?.[row] as number))(table);
    });
    expect(found).toEqual(["a", "b", "c"].map((name) => [name, "copy", "warning"]));
  });

  test("groups that are asked for, alone and combined", async () => {
    const change = set("ward", (row, table) => (row < 3 ? "X" : (table.ward?.[row] ?? null)));
    const params = { groups: ["ward", ["ward", "smoker"]] };
    expect(await faultsOf(change, { params, alone: true })).toEqual([
      ["ward", "smallGroup", "warning"],
      ["ward, smoker", "smallGroup", "warning"],
    ]);
  });

  test("images unlike all of the reference, and those that the window lacks", async () => {
    const images = (seed: number, bars: number) => {
      const random = createRandom(seed, "images");
      const values = Float32Array.from({ length: 200 * 36 }, (_, at) => {
        const row = Math.floor(at / 36);
        const upright = row < bars ? Math.floor((at % 36) / 6) === 2 : at % 6 === 2;
        return (upright ? 200 : 20) + 30 * random.uniform();
      });
      const column = { kind: "tensor" as const, name: "image", validity: null, shape: [6, 6], values };
      return datasetOf(`images ${seed}`, { rows: 200, columns: [column] });
    };
    const judge = async (window: Dataset, reference: Dataset) => {
      const { evidence } = await sanityChecker(window, reference, checkContext("sanity"));
      return ((evidence.image?.faults ?? []) as unknown as Fault[]).map(({ rule, status }) => [rule, status]);
    };
    expect(await judge(images(1, 0), images(2, 0))).toEqual([]);
    expect(await judge(images(1, 40), images(2, 0))).toContainEqual(["unseen", "alarm"]);
    expect(await judge(images(1, 0), images(2, 40))).toContainEqual(["uncovered", "alarm"]);
  });
});

describe("nothing is found in a second sample of the same source", () => {
  test.each([[1_500], [300], [100]])("of %i rows, and with a reference or without", async (rows) => {
    const found: string[] = [];
    for (let seed = 10; seed < 15; seed += 1) {
      const window = tableOf(patients(seed, rows), "window");
      for (const reference of [null, tableOf(patients(seed + 100), "reference")]) {
        const params = { label: "label", ids: ["file"], minimumGroup: 5 };
        const verdict = await sanityChecker(window, reference, checkContext("sanity", { params }));
        if (verdict.status !== "ok") found.push(verdict.message);
      }
    }
    expect(found).toEqual([]);
  });

  test("and the message says what was not looked at", async () => {
    const { file: _, ...table } = patients(3);
    const { status, message } = await sanityChecker(tableOf(table, "march"), null, checkContext("sanity"));
    expect([status, message]).toEqual([
      "ok",
      expect.stringMatching(/1,500 rows of "march".*need the param "label"/),
    ]);
  });
});

test("tables of few different rows are not accused of repeating them", async () => {
  const { below } = createRandom(4);
  const list = (of: number) => Array.from({ length: 800 }, () => below(of));
  const table = { sex: list(2), group: list(3), label: list(2).map((own) => (own ? "yes" : "no")) };
  const halves = [
    tableOf(table, "first"),
    tableOf({ ...table, label: table.label.toReversed() }, "second"),
  ] as const;
  expect(
    (await sanityChecker(...halves, checkContext("sanity", { params: { label: "label" } }))).status,
  ).toBe("ok");
});

test("a saved profile stands for the reference", async () => {
  const profile = await tableOf(patients(1), "reference").profile();
  const window = patients(2);
  set("ward", () => "E", [0, 150])(window);
  const kept = datasetOfProfile("reference", JSON.parse(JSON.stringify(profile)));
  const context = checkContext("sanity", { params: { label: "label", ids: ["file"] } });
  expect((await sanityChecker(tableOf(window, "window"), kept, context)).columns).toEqual(["ward"]);
});

describe("what cannot be judged says which column and what to do", () => {
  test.each<[string, Table, JsonObject, RegExp]>([
    ["few rows", { x: [1, 2, 3] }, {}, /has 3 rows: give at least 30/],
    ["no label", patients(1), { label: "lable" }, /has no column "lable": name one of file, age/],
    ["ids that are not there", patients(1), { ids: ["name"] }, /has no column "name"/],
    [
      "a label to estimate that is no number",
      patients(1),
      { label: "label", task: "regression" },
      /holds texts, not numbers/,
    ],
  ])("%s", async (_, table, params, message) => {
    const verdict = await sanityChecker(tableOf(table, "window"), null, checkContext("sanity", { params }));
    expect([verdict.status, verdict.message]).toEqual(["invalid", expect.stringMatching(message)]);
  });

  test("columns that are all missing, infinite or constant, and a label of one class, are judged", async () => {
    const fill = (value: Cell) => new Array<Cell>(60).fill(value);
    const odd = {
      gone: fill(null),
      endless: fill(Number.POSITIVE_INFINITY),
      same: fill("x"),
      label: fill("a"),
    };
    const context = checkContext("sanity", { params: { label: "label" } });
    const verdict = await sanityChecker(tableOf(odd, "odd"), tableOf(odd, "odd"), context);
    expect(verdict.status).toBe("alarm");
    expect(verdict.columns).toEqual(expect.arrayContaining(["label", "gone", "same"]));
  });
});
