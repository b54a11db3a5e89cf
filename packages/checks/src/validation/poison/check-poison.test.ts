import { describe, expect, test } from "vitest";
import { batchOf, type ColumnValues } from "../../batch/batch-of.ts";
import { checkContext } from "../../checker/check-context.ts";
import { datasetOf, datasetOfProfile } from "../../checker/dataset-of.ts";
import { createRandom } from "../../random/random.ts";
import { checkPoison } from "./check-poison.ts";
import { poisonChecker } from "./poison-checker.ts";

type Table = Record<string, unknown[]>;

/** Three kinds of flowers, told apart by two lengths and a colour, with a little overlap. */
function flowers(seed: number, rows = 600): Table {
  const random = createRandom(seed);
  const list = <Value>(value: (row: number) => Value) => Array.from({ length: rows }, (_, row) => value(row));
  const bell = () => random.uniform() + random.uniform() + random.uniform() - 1.5;
  const kinds = list(() => random.below(3));
  return {
    id: list((row) => `f${seed}-${row}`),
    width: kinds.map((kind) => 4 * kind + bell()),
    height: kinds.map((kind) => (random.uniform() < 0.03 ? null : 30 - 6 * kind + 3 * bell())),
    colour: kinds.map((kind) => (random.uniform() < 0.8 ? ["red", "blue", "white"][kind] : "mixed")),
    wild: list(() => random.uniform() < 0.5),
    kind: kinds.map((kind) => ["rose", "iris", "lily"][kind]),
  };
}

function datasetFrom(table: Table, name = "window") {
  return datasetOf(name, batchOf(table as Record<string, ColumnValues>));
}

const reference = datasetFrom(flowers(1), "trusted");

function flip(table: Table, rows: readonly number[]): Table {
  const kinds = ["rose", "iris", "lily"];
  const kind = [...(table.kind as string[])];
  for (const row of rows) kind[row] = kinds[(kinds.indexOf(kind[row] as string) + 1) % 3] as string;
  return { ...table, kind };
}

const thirty = Array.from({ length: 30 }, (_, at) => 7 + 19 * at);

describe("tampered rows", () => {
  test("with flipped labels are found and listed by their number", async () => {
    const verdict = await checkPoison(datasetFrom(flip(flowers(2), thirty)), reference, { label: "kind" });
    expect(verdict).toMatchObject({ status: "alarm", kind: "integrity", columns: ["kind"] });
    const { suspiciousRows, estimatedShare } = verdict.evidence.kind as {
      suspiciousRows: number[];
      estimatedShare: number;
    };
    expect(suspiciousRows.every((row) => thirty.includes(row - 1))).toBe(true);
    expect(estimatedShare).toBeGreaterThan(0.03);
    expect(estimatedShare).toBeLessThan(0.07);
    expect(verdict.message).toMatch(
      /about \d[.\d]* % of the labels may be wrong\. Have rows .* labelled again/,
    );
  });

  test("that came from elsewhere are found, though their labels are right", async () => {
    const table = flowers(3);
    for (const row of thirty)
      (table.width as number[])[row] = ((table.width as number[])[row] as number) + 25;
    const verdict = await checkPoison(datasetFrom(table), reference, { label: "kind" });
    expect(verdict.status).toBe("alarm");
    const rows = verdict.evidence["(rows)"] as { status: string; suspiciousRows: number[] };
    expect(rows.status).toBe("alarm");
    expect(rows.suspiciousRows.every((row) => thirty.includes(row - 1))).toBe(true);
  });
});

test("clean rows raise no alarm: at most one in forty draws", async () => {
  let alarms = 0;
  for (let seed = 100; seed < 140; seed += 1) {
    const trusted = datasetFrom(flowers(seed, 250));
    const verdict = await checkPoison(datasetFrom(flowers(1_000 + seed, 250)), trusted, { label: "kind" });
    if (verdict.status !== "ok") alarms += 1;
  }
  expect(alarms).toBeLessThanOrEqual(1);
});

test("the reference may be a saved profile, and a label any kind of value", async () => {
  const numbered = (table: Table): Table => ({
    ...table,
    kind: (table.kind as string[]).map((kind) => kind.length + kind.charCodeAt(0)),
  });
  const saved = datasetOfProfile("saved", await datasetFrom(numbered(flowers(1))).profile());
  const window = datasetFrom(numbered(flip(flowers(2), thirty)));
  expect((await checkPoison(window, saved, { label: "kind" })).status).toBe("alarm");
});

describe("what cannot be judged says what to do", () => {
  test.each<[string, Table, RegExp]>([
    ["too few rows", flowers(2, 20), /has 20 rows: give at least 50/],
    ["no labels", { ...flowers(2), kind: new Array(600).fill(null) }, /"kind" of "window" has 0 values/],
    [
      "a column that is gone",
      { width: flowers(2).width ?? [], kind: flowers(2).kind ?? [] },
      /has no column "height"/,
    ],
    ["no label column", { width: flowers(2).width ?? [] }, /has no column "kind": name the column of labels/],
  ])("%s", async (_, table, message) => {
    const verdict = await checkPoison(datasetFrom(table), reference, { label: "kind" });
    expect(verdict.status).toBe("invalid");
    expect(verdict.message).toMatch(message);
  });

  test("no reference", async () => {
    const verdict = await poisonChecker(
      reference,
      null,
      checkContext("poison", { params: { label: "kind" } }),
    );
    expect(verdict).toMatchObject({ status: "invalid", columns: ["kind"] });
  });
});

test.each([{}, { label: 3 }, { label: "kind", neighbour: 3 }, { label: "kind", neighbours: 1 }])(
  "params %j are refused",
  async (params) => {
    await expect(
      poisonChecker(reference, reference, checkContext("poison", { params })),
    ).rejects.toMatchObject({
      code: "SCANFLOW_CHECK_OPTION_INVALID",
    });
  },
);
