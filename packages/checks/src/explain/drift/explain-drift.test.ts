import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batchOf, type ColumnValues } from "../../batch/batch-of.ts";
import { BUILT_INS } from "../../checker/built-ins.ts";
import { checkContext } from "../../checker/check-context.ts";
import { datasetOf } from "../../checker/dataset-of.ts";
import { checkDrift } from "../../drift/check-drift.ts";
import type { Profile } from "../../profile/profile.ts";
import { createProfiler } from "../../profile/profiler.ts";
import { createRandom } from "../../random/random.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import { explainDrift, withExplanation } from "./explain-drift.ts";

function profileOf(columns: Record<string, ColumnValues>, like?: Profile): Profile {
  const profiler = createProfiler({ seed: 1, ...(like === undefined ? {} : { like }) });
  profiler.add(batchOf(columns));
  return profiler.finish();
}

const random = createRandom(3);
/** Ages from 18 to 59, and a share of older people. */
function ages(rows: number, old: number): number[] {
  return Array.from({ length: rows }, () =>
    random.uniform() < old ? 60 + random.below(30) : 18 + random.below(42),
  );
}
const cities = (rows: number, graz: number) =>
  Array.from({ length: rows }, (_, row) =>
    random.uniform() < graz ? "Graz" : ["Bonn", "New York"][row % 2],
  );
const pulse = (rows: number) =>
  Array.from({ length: rows }, () => 60 + 10 * (random.uniform() + random.uniform()));

const reference = profileOf({ age: ages(4_000, 0.04), city: cities(4_000, 0.2), pulse: pulse(4_000) });
const older = { age: ages(1_000, 0.25), city: cities(1_000, 0.6), pulse: pulse(1_000) };
const window = profileOf(older, reference);
const drift = (columns: string[]): Verdict => ({
  status: "alarm",
  kind: "drift",
  message: "It drifted.",
  columns,
  evidence: { age: { pValue: 0 } },
});

describe("in words", () => {
  const { sentences, columns } = explainDrift(reference, window, null);

  test("says which range gained, and which category", () => {
    expect(columns.map(({ column }) => column)).toEqual(["city", "age"]);
    expect(sentences[0]).toMatch(
      /^city Graz: (19|20|21) % → (5[89]|6[0-2]) %; (Bonn|"New York"): 40 % → (19|2\d) %; /,
    );
    expect(sentences[1]).toMatch(/^age [56]\d\+: [\d.]+ % → (2[4-9]|30) %$/);
  });

  test("the shares of its bins are those of the rows", () => {
    const age = columns.find(({ column }) => column === "age");
    const sixty = age?.gained[0];
    const from = Number(sixty?.part.slice(0, 2));
    expect(sixty?.window).toBeCloseTo(older.age.filter((years) => years >= from).length / 1_000, 12);
    expect(age?.bins.reduce((sum, bin) => sum + bin.window, 0)).toBeCloseTo(1, 12);
    expect(sixty?.pValue).toBeLessThan(1e-9);
  });

  test("a window that was profiled in bins of its own is told the same", () => {
    const own = explainDrift(reference, profileOf(older), null);
    expect(own.sentences).toEqual(sentences);
  });

  test("a verdict's columns are explained, even the one where nothing is to be found", () => {
    const told = explainDrift(reference, window, drift(["pulse", "age"]));
    expect(told.columns.map(({ column }) => column)).toEqual(["age", "pulse"]);
    expect(told.sentences[1]).toBe("pulse: no range or category changed by more than chance");
  });

  test("columns that the model rests on come first", () => {
    const told = explainDrift(reference, window, null, { importance: { age: 5, city: 0.1 } });
    expect(told.columns.map(({ column }) => column)).toEqual(["age", "city"]);
  });

  test("missing values, booleans, times and new categories have names", () => {
    const day = 86_400_000;
    const before = profileOf({
      x: Array.from({ length: 500 }, (_, row) => row / 500),
      yes: Array.from({ length: 500 }, (_, row) => row % 2 === 0),
      at: Array.from({ length: 500 }, (_, row) => new Date(row * day)),
      name: Array.from({ length: 500 }, () => "a"),
    });
    const after = profileOf(
      {
        x: Array.from({ length: 500 }, (_, row) => (row % 4 === 0 ? null : row / 500)),
        yes: Array.from({ length: 500 }, (_, row) => row % 8 === 0),
        at: Array.from({ length: 500 }, (_, row) => new Date((250 + row / 2) * day)),
        name: Array.from({ length: 500 }, (_, row) => (row % 5 === 0 ? "b c" : "a")),
      },
      before,
    );
    const { sentences: told } = explainDrift(before, after, null);
    expect(told).toContain("x missing: 0 % → 25 %");
    expect(told).toContain("yes false: 50 % → 87 %; true: 50 % → 13 %");
    expect(told).toContain("at 1970-09-08 or more: 50 % → 100 %");
    expect(told).toContain('name "b c": 0 % → 20 %; a: 100 % → 80 %');
  });
});

test("example rows are those whose bins became frequent, each of other bins", () => {
  const { examples } = explainDrift(reference, window, null, { examples: 3 });
  expect(examples).toHaveLength(3);
  for (const { row, odds, values } of examples) {
    expect(values).toEqual({ age: older.age[row], city: older.city[row], pulse: older.pulse[row] });
    expect(values.age).toBeGreaterThanOrEqual(55);
    expect(odds).toBeGreaterThan(1);
  }
  expect(examples[0]?.values.city).toBe("Graz");
  const [first = 0, second = 0, third = 0] = examples.map(({ odds }) => odds);
  expect(first).toBeGreaterThan(10);
  expect(first).toBeGreaterThan(second);
  expect(second).toBeGreaterThan(third);
});

test("figures show old and new, first of all which columns moved", () => {
  const { figures } = explainDrift(reference, window, null);
  expect(figures.map(({ kind, column }) => [kind, column])).toEqual([
    ["bars", undefined],
    ["bars", "city"],
    ["histogram", "age"],
    ["table", undefined],
  ]);
  const [, , histogram] = figures;
  if (histogram?.kind !== "histogram") throw new Error("no histogram");
  expect(histogram.edges).toHaveLength(25);
  for (const { shares } of histogram.series) expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
});

test("a verdict takes an explanation in: words and pictures", () => {
  const explanation = explainDrift(reference, window, drift(["age"]));
  const verdict = withExplanation(drift(["age"]), explanation);
  expect(verdict.message).toMatch(/^It drifted\.\nage [56]\d\+: .* % → .* %\.$/);
  expect(verdict.evidence.age).toEqual({
    pValue: 0,
    change: explanation.sentences[0],
    totalVariation: explanation.columns[0]?.distance,
  });
  expect(verdict.figures).toEqual(explanation.figures);
  expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
});

describe("the built-in checker of drift", () => {
  const context = checkContext("drift");
  const before = { age: ages(800, 0.04), pulse: pulse(800) };
  const run = async (now: Record<string, ColumnValues>) => {
    const checker = await BUILT_INS.drift?.load();
    return checker?.(datasetOf("now", batchOf(now)), datasetOf("before", batchOf(before)), context);
  };

  test("says why it rings", async () => {
    const verdict = await run({ age: older.age, pulse: older.pulse });
    expect(verdict).toMatchObject({ status: "alarm", columns: ["age"] });
    expect(verdict?.message).toMatch(/\nage [56]\d\+: [\d.]+ % → \d+ %\.$/);
    expect(verdict?.figures?.[0]).toMatchObject({ kind: "histogram", column: "age" });
  });

  test("says nothing more when all is well", async () => {
    const verdict = await run({ age: ages(500, 0.04), pulse: pulse(500) });
    expect(verdict?.status).toBe("ok");
    expect(verdict?.message).not.toContain("→");
  });
});

test("what checkDrift found is explained from the two profiles", () => {
  const numbers = { age: older.age, pulse: older.pulse };
  const before = profileOf({ age: ages(4_000, 0.04), pulse: pulse(4_000) });
  const verdict = checkDrift(before, numbers);
  expect(explainDrift(before, profileOf(numbers, before), verdict).sentences).toEqual([
    expect.stringMatching(/^age [56]\d\+: /),
  ]);
});

test("where nothing changed, a column is told to have changed in at most 5 % of windows", () => {
  const draw = createRandom(17);
  const values = (rows: number) => Array.from({ length: rows }, () => Math.round(draw.uniform() * 200));
  let told = 0;
  for (let repeat = 0; repeat < 200; repeat += 1) {
    const before = profileOf({ x: values(400) });
    if (explainDrift(before, profileOf({ x: values(300) }, before), null, { examples: 0 }).columns.length > 0)
      told += 1;
  }
  // The binomial .999 quantile of 200 at 5 % is 20.
  expect(told).toBeLessThanOrEqual(20);
});

test("of any two tables it says something or nothing, but never fails", () => {
  const cell = fc.oneof(
    fc.constant(null),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.constantFrom(0, 1, Number.NaN, Number.POSITIVE_INFINITY),
  );
  const table = fc.array(fc.tuple(cell, fc.option(fc.string({ maxLength: 4 }))), {
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(table, table, (before, after) => {
      const [a, b] = [before, after].map((rows) =>
        profileOf({ x: rows.map(([x]) => x), t: rows.map(([, t]) => t) }),
      ) as [Profile, Profile];
      const { columns } = explainDrift(a, b, drift(["x", "t"]));
      for (const { distance, bins } of columns) {
        expect(distance).toBeGreaterThanOrEqual(0);
        expect(distance).toBeLessThanOrEqual(1 + 1e-12);
        for (const { pValue } of bins) expect(pValue).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 150 },
  );
});

describe("refuses", () => {
  const empty = profileOf({ age: [] });

  test.each<[string, () => unknown, RegExp]>([
    ["an empty reference", () => explainDrift(empty, window, null), /the reference has no row/],
    ["an empty window", () => explainDrift(reference, empty, null), /the window has no row/],
    [
      "another table",
      () => explainDrift(reference, profileOf({ other: [1] }), null),
      /no column of the reference \("age", "city"/,
    ],
    ["no columns", () => explainDrift(reference, window, null, { most: 0 }), /"most" is 0/],
  ])("%s", (_, explain, message) => {
    expect(explain).toThrow(message);
  });
});
