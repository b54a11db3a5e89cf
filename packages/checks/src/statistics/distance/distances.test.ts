import fc from "fast-check";
import { describe, expect, test } from "vitest";
import fixture from "../fixtures/distances.json" with { type: "json" };
import * as counted from "./count-distances.ts";
import * as valued from "./value-distances.ts";

const COUNTED = {
  "chi-square": counted.chiSquare,
  g: counted.gStatistic,
  psi: counted.populationStability,
  "jensen-shannon": counted.jensenShannon,
  "kullback-leibler": counted.kullbackLeibler,
  hellinger: counted.hellinger,
  "total-variation": counted.totalVariation,
  "l-infinity": counted.lInfinity,
} as const;

const VALUED = {
  ks: valued.ksDistance,
  wasserstein: valued.wasserstein,
  energy: valued.energyDistance,
  "anderson-darling": valued.andersonDarling,
} as const;

const sample = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 30 });

describe.each(Object.entries(COUNTED))("%s", (name, distance) => {
  test("gives what SciPy gives", () => {
    for (const each of fixture.counted) {
      const expected = each[name as keyof typeof COUNTED];
      expect(distance(each.first, each.second) / expected).toBeCloseTo(1, 10);
    }
  });

  test("is 0 for the same counts", () => {
    for (const { first } of fixture.counted) expect(distance(first, first)).toBeCloseTo(0, 7);
  });
});

describe.each(Object.entries(VALUED))("%s", (name, distance) => {
  test("gives what SciPy gives", () => {
    for (const each of fixture.valued) {
      const joined = valued.labelValues(Float64Array.from(each.first), Float64Array.from(each.second));
      expect(distance(joined) / each[name as keyof typeof VALUED]).toBeCloseTo(1, 10);
    }
  });

  test("does not depend on which sample comes first", () => {
    fc.assert(
      fc.property(sample, sample, (first, second) => {
        const [a, b] = [Float64Array.from(first), Float64Array.from(second)];
        expect(distance(valued.labelValues(a, b))).toBeCloseTo(distance(valued.labelValues(b, a)), 9);
      }),
    );
  });
});

test("cramer-von-mises gives what SciPy gives where no values are tied", () => {
  const untied = fixture.valued.filter((each) => each["cramer-von-mises"] !== undefined);
  expect(untied.length).toBeGreaterThan(1);
  for (const each of untied) {
    const joined = valued.labelValues(Float64Array.from(each.first), Float64Array.from(each.second));
    // SciPy's T counts each value at its rank: the mean of (F − G)² just after every value, weighted n m / (n + m).
    expect(valued.cramerVonMises(joined) / Number(each["cramer-von-mises"])).toBeCloseTo(1, 10);
  }
});

test("over bins of single values, KS and Cramér–von Mises are those of the values", () => {
  fc.assert(
    fc.property(sample, sample, (first, second) => {
      const bins = Array.from({ length: 41 }, (_, bin) => bin - 20);
      const [a, b] = [first, second].map((list) =>
        bins.map((value) => list.filter((other) => other === value).length),
      ) as [number[], number[]];
      const joined = valued.labelValues(Float64Array.from(first), Float64Array.from(second));
      expect(counted.binnedKs(a, b)).toBeCloseTo(valued.ksDistance(joined), 12);
      const [n, m] = [first.length, second.length];
      const weighted = (counted.binnedCramerVonMises(a, b) * n * m) / (n + m);
      expect(weighted).toBeCloseTo(valued.cramerVonMises(joined), 10);
    }),
  );
});
