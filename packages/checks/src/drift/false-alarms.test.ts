import { expect, test } from "vitest";
import { profileColumns } from "../profile/profile-columns.ts";
import { normal } from "../random/normal.ts";
import { createRandom, type Random } from "../random/random.ts";
import { checkDrift } from "./check-drift.ts";

const REPETITIONS = 1_000;

type Draw = (random: Random) => number;
const skewed: Draw = (random) => Math.log(1 - random.uniform()) ** 2;
const pixel: Draw = (random) => Math.max(0, random.below(24) - 8);
const coin: Draw = (random) => random.below(2);

function columns(draws: readonly Draw[], rows: number, random: Random): Record<string, Float64Array> {
  return Object.fromEntries(
    draws.map((draw, column) => [`x${column}`, Float64Array.from({ length: rows }, () => draw(random))]),
  );
}

/** The share of windows that ring although nothing has changed, reference and window drawn anew each time. */
function falseAlarms(draws: readonly Draw[], reference: number, window: number) {
  const random = createRandom(42, `${draws.length}/${reference}/${window}`);
  let significant = 0;
  let alarms = 0;
  for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
    const profile = profileColumns(columns(draws, reference, random), { seed: repetition, sampleSize: 500 });
    const { status } = checkDrift(profile, columns(draws, window, random));
    significant += status === "ok" ? 0 : 1;
    alarms += status === "alarm" ? 1 : 0;
  }
  return { significant: significant / REPETITIONS, alarms: alarms / REPETITIONS };
}

test.each([
  ["one normal column", [normal], 500, 50],
  ["one skewed column", [skewed], 500, 200],
  ["a reservoir of a larger reference", [normal], 1_500, 400],
  ["five columns at once", [normal, skewed, normal, skewed, normal], 300, 150],
])("%s, continuous: significant at .05 in .03 to .07 of windows", (_, draws, reference, window) => {
  const { significant, alarms } = falseAlarms(draws, reference, window);
  expect(significant).toBeGreaterThanOrEqual(0.03);
  expect(significant).toBeLessThanOrEqual(0.07);
  expect(alarms).toBeLessThanOrEqual(significant);
});

test.each([
  ["a pixel", [pixel], 500, 100],
  ["a coin", [coin], 500, 100],
  ["pixels and coins", [pixel, pixel, coin, coin], 300, 100],
])("%s, discrete: significant at .05 in at most .07 of windows", (_, draws, reference, window) => {
  expect(falseAlarms(draws, reference, window).significant).toBeLessThanOrEqual(0.07);
});

test("a coin of many rows, all of them kept, has a p value that heeds its ties", () => {
  const random = createRandom(3, "coins");
  const reference = profileColumns(columns([coin], 10_000, random), { seed: 1, sampleSize: 10_000 });
  const ones = reference.columns[0]?.kind === "number" ? (reference.columns[0].moments.mean ?? 0) : 0;
  const window = {
    x0: Float64Array.from({ length: 2_000 }, (_, row) => Number(row < 2_000 * (ones + 0.025))),
  };
  const { pValue, basis } = checkDrift(reference, window).evidence.x0 ?? {};
  // z = 2.04 of two shares; as if no values could be equal it would be .25.
  expect(pValue).toBeGreaterThan(0.025);
  expect(pValue).toBeLessThan(0.06);
  expect(basis).toBe("all-values");
});

test("numbers of a small reference by a test that knows no order: neither blind nor rash", () => {
  const random = createRandom(21, "small reference");
  const significant = (rows: readonly [number, number], shift: number, repetitions: number) => {
    let found = 0;
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      const profile = profileColumns(columns([normal], rows[0], random), { seed: repetition });
      const shifted = columns([(chance) => normal(chance) + shift], rows[1], random);
      found += checkDrift(profile, shifted, { test: "chi-square", simulations: 200 }).status === "ok" ? 0 : 1;
    }
    return found / repetitions;
  };
  expect(significant([60, 300], 0, 200)).toBeLessThanOrEqual(0.07);
  expect(significant([60, 60], 1, 40)).toBeGreaterThan(0.8);
});

test("eighty columns of a rare event: what seldom jumps far rings in at most .07 of windows", () => {
  const random = createRandom(11, "rare event");
  const side = (rows: number) =>
    Object.fromEntries(
      Array.from({ length: 80 }, (_, column) => [
        `x${column}`,
        Array.from({ length: rows }, () => random.uniform() < 0.004),
      ]),
    );
  let significant = 0;
  for (let repetition = 0; repetition < 60; repetition += 1) {
    const reference = profileColumns(side(500), { seed: repetition });
    const verdict = checkDrift(reference, side(50), { constantColumns: "compare" });
    significant += verdict.status === "ok" ? 0 : 1;
  }
  expect(significant / 60).toBeLessThanOrEqual(0.07);
});

test("a shift of half a standard deviation in one column of eight is found, and no other column blamed", () => {
  const draws = new Array<Draw>(8).fill(normal);
  const random = createRandom(7);
  let found = 0;
  let blamed = 0;
  for (let repetition = 0; repetition < 100; repetition += 1) {
    const profile = profileColumns(columns(draws, 500, random), { seed: repetition });
    const window = columns(draws, 200, random);
    const shifted = { ...window, x3: window.x3?.map((value) => value + 0.5) ?? [] };
    const verdict = checkDrift(profile, shifted);
    found += verdict.columns.includes("x3") ? 1 : 0;
    blamed += verdict.columns.filter((name) => name !== "x3").length;
  }
  expect(found).toBeGreaterThanOrEqual(97);
  expect(blamed).toBeLessThanOrEqual(12);
});
