import { describe, expect, test } from "vitest";
import { batchOf } from "../batch/batch-of.ts";
import { checkContext } from "../checker/check-context.ts";
import { datasetOf, datasetOfProfile } from "../checker/dataset-of.ts";
import { parseProfile } from "../profile/parse-profile.ts";
import type { Profile } from "../profile/profile.ts";
import type { ProfileOptions } from "../profile/profile-options.ts";
import { createProfiler } from "../profile/profiler.ts";
import { createRandom } from "../random/random.ts";
import { checkDrift } from "./check-drift.ts";
import { driftChecker } from "./drift-checker.ts";
import { DRIFT_TESTS, type DriftTest } from "./drift-tests.ts";

interface Shape {
  readonly rows: number;
  /** Share of "red"; the others are blue or, rarely, green. */
  readonly red?: number;
  readonly black?: number;
  readonly northern?: number;
  readonly missing?: number;
  readonly shift?: number;
  readonly seed: number;
}

/** Colours, a flag, moments, a region and a number whose mean differs by region. */
function table({ rows, red = 0.3, black = 0, northern = 0.5, missing = 0.02, shift = 0, seed }: Shape) {
  const random = createRandom(seed, "table");
  const drawn = Array.from({ length: rows }, () => {
    const north = random.uniform() < northern;
    const draw = random.uniform();
    const colour = draw < black ? "black" : draw < black + red ? "red" : draw < 0.98 ? "blue" : "green";
    return {
      colour: random.uniform() < missing ? null : colour,
      paid: random.uniform() < 0.2,
      at: new Date(1.7e12 + 1e9 * random.uniform()),
      region: north ? "north" : "south",
      size: random.uniform() + random.uniform() + (north ? 1 + shift : 0),
    };
  });
  const column = <Name extends keyof (typeof drawn)[number]>(name: Name) => drawn.map((row) => row[name]);
  return batchOf({
    colour: column("colour"),
    paid: column("paid"),
    at: column("at"),
    region: column("region"),
    size: column("size"),
  });
}

function profile(shape: Shape, options: Partial<ProfileOptions> = {}): Profile {
  const profiler = createProfiler({ seed: 1, slices: ["region"], ...options });
  profiler.add(table(shape));
  return parseProfile(JSON.stringify(profiler.finish()));
}

const reference = profile({ rows: 6_000, seed: 1 });
const window = (shape: Omit<Shape, "rows"> & { readonly rows?: number }) =>
  profile({ rows: 2_000, ...shape }, { like: reference });

describe("columns of every kind are judged", () => {
  test("none rings while nothing has changed, each by the test of its kind", () => {
    const verdict = checkDrift(reference, window({ seed: 2 }));
    expect(verdict).toMatchObject({ status: "ok", message: "None of 13 columns and slices drifted." });
    expect(verdict.evidence.colour).toMatchObject({ test: "chi-square", basis: "all-values" });
    expect(verdict.evidence.paid).toMatchObject({ test: "chi-square", effectName: "total variation" });
    expect(verdict.evidence.at).toMatchObject({ test: "ks", basis: "bins", method: "permutation" });
  });

  test("a colour that grew", () => {
    const verdict = checkDrift(reference, window({ red: 0.5, seed: 3 }));
    expect(verdict.status).toBe("alarm");
    expect([...verdict.columns].sort()).toEqual(["colour", "colour [region=north]", "colour [region=south]"]);
    expect(verdict.evidence.colour?.effect).toBeGreaterThan(0.15);
  });

  test("a colour that the reference does not have is named", () => {
    const verdict = checkDrift(reference, window({ black: 0.12, seed: 4 }));
    expect(verdict.evidence.colour).toMatchObject({ status: "alarm", newTexts: ["black"] });
    expect(verdict.message).toContain('new: "black"');
  });

  test("values that go missing", () => {
    const verdict = checkDrift(reference, window({ missing: 0.15, seed: 5 }));
    expect(verdict.columns).toEqual(["colour"]);
    expect(verdict.evidence.colour?.missing).toMatchObject({ status: "alarm" });
    expect(checkDrift(reference, window({ missing: 0.04, seed: 5 }))).toMatchObject({ status: "warning" });
  });

  test("a change within one slice, which the whole hides from its effect", () => {
    const verdict = checkDrift(reference, window({ shift: 0.2, seed: 6 }), { minimumEffect: 0.15 });
    expect(verdict.columns).toEqual(["size [region=north]"]);
    expect(verdict.evidence.size?.status).toBe("warning");
    expect(
      checkDrift(reference, window({ shift: 0.2, seed: 6 }), { minimumEffect: 0.15, slices: false }),
    ).toMatchObject({
      status: "warning",
    });
  });

  test("the times that divide the reference into buckets go on, and are not judged", () => {
    const time = { column: "at", bucketMs: 86_400_000 };
    const weeks = profile({ rows: 6_000, seed: 1 }, { time });
    const later = batchOf({
      at: [new Date(1.8e12)],
      colour: ["red"],
      paid: [true],
      region: ["north"],
      size: [1],
    });
    const next = createProfiler({ seed: 1, like: weeks });
    next.add(later);
    const { evidence } = checkDrift(weeks, next.finish(), { minimumSample: 2 });
    expect(Object.keys(evidence).filter((name) => /^at\b/.test(name))).toEqual([]);
    expect(Object.keys(checkDrift(weeks, { size: [1, 2] }).evidence)).toContain("at");
  });

  test("a slice is compared by its column's test where counts will do for it", () => {
    const { evidence } = checkDrift(reference, window({ seed: 6 }), {
      tests: { colour: "psi", size: "energy" },
    });
    expect(evidence["colour [region=north]"]).toMatchObject({ test: "psi", effectName: "PSI" });
    expect(evidence["size [region=north]"]).toMatchObject({ test: "ks", basis: "bins" });
  });

  test("texts of many values are compared by the rows that were kept", () => {
    const ids = (seed: number, of: number) =>
      batchOf({ id: Array.from({ length: 4_000 }, (_, row) => `${seed}-${row % of}`) });
    const profiler = createProfiler({ seed: 1, categories: 50 });
    profiler.add(ids(1, 4_000));
    const known = profiler.finish();
    const next = createProfiler({ seed: 1, categories: 50, like: known });
    next.add(ids(2, 3));
    expect(checkDrift(known, next.finish()).evidence.id).toMatchObject({
      status: "alarm",
      basis: "reservoir",
    });
  });
});

describe("every test", () => {
  const known = { x: uniforms(400, 1), y: uniforms(400, 2) };
  const full = createProfiler({ seed: 1 });
  full.add(batchOf(known));
  const small = full.finish();

  test.each(Object.keys(DRIFT_TESTS) as DriftTest[])("%s is quiet without a change and finds one", (name) => {
    const tests = { test: name, correction: "bonferroni" } as const;
    const same = checkDrift(small, { x: uniforms(300, 3), y: uniforms(300, 4) }, tests);
    expect(same.status).toBe("ok");
    expect(same.evidence.x).toMatchObject({ test: name });
    const moved = checkDrift(
      small,
      { x: uniforms(300, 5).map((value) => value + 0.3), y: uniforms(300, 7) },
      tests,
    );
    expect(moved).toMatchObject({ status: "alarm", columns: ["x"] });
  });

  test("a test for all columns gives way where it does not suit the kind", () => {
    const { evidence } = checkDrift(reference, window({ seed: 2 }), { test: "wasserstein", slices: false });
    const tests = Object.entries(evidence).map(([name, { test: used }]) => [name, used]);
    expect(Object.fromEntries(tests)).toEqual({
      colour: "chi-square",
      paid: "chi-square",
      at: "wasserstein",
      region: "chi-square",
      size: "wasserstein",
    });
  });

  test("a test for one column; one that does not suit its kind is refused with what to do", () => {
    const named = checkDrift(reference, window({ seed: 2 }), {
      tests: { colour: "psi", size: "wasserstein", paid: "ks" },
      slices: false,
    });
    expect(named.evidence.colour?.test).toBe("psi");
    expect(named.evidence.size).toMatchObject({ test: "wasserstein", basis: "reservoir" });
    expect(named.evidence.paid).toMatchObject({ status: "invalid", problem: "wrong-test" });
    expect(named.message).toMatch(/"paid": it cannot be compared by "ks" .*: choose another test/);
  });
});

test("in a small window only what exceeds chance counts as an effect", () => {
  const verdict = checkDrift(reference, window({ rows: 60, red: 0.65, seed: 8 }), { slices: false });
  const { colour } = verdict.evidence;
  expect(colour?.adjustedPValue).toBeLessThan(0.05);
  expect(colour?.effect).toBeGreaterThan(0.1);
  expect(colour?.effectByChance).toBeGreaterThan(0.03);
  const excess = (colour?.effect ?? 0) - (colour?.effectByChance ?? 0);
  for (const [minimumEffect, status] of [
    [excess - 0.001, "alarm"],
    [excess + 0.001, "warning"],
  ] as const) {
    const judged = checkDrift(reference, window({ rows: 60, red: 0.65, seed: 8 }), {
      slices: false,
      minimumEffect,
    });
    expect(judged.evidence.colour?.status).toBe(status);
  }
});

test("the checker takes data or a saved profile, and reads its params with care", async () => {
  const current = datasetOf("monday", table({ rows: 2_000, red: 0.6, seed: 9 }));
  const context = (params: Record<string, never> | object) =>
    checkContext("drift", { params: params as never });
  const verdict = await driftChecker(
    current,
    datasetOfProfile("kept", reference),
    context({ minimumEffect: 0.1 }),
  );
  expect(verdict.status).toBe("alarm");
  expect(verdict.columns).toContain("colour");
  await expect(async () =>
    driftChecker(current, datasetOfProfile("kept", reference), context({ tset: "ks" })),
  ).rejects.toThrow(/checker "drift": "tset" is "ks", not a param of it: significance/);
  expect(await driftChecker(current, null, context({}))).toMatchObject({ status: "invalid" });
});

function uniforms(rows: number, seed: number): number[] {
  const random = createRandom(seed, "uniforms");
  return Array.from({ length: rows }, () => random.uniform());
}
