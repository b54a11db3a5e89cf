import { describe, expect, test } from "vitest";
import fixture from "./fixtures/moments.json" with { type: "json" };
import { mergeProfiles } from "./merge-profiles.ts";
import { addToMoments, closeMoments, describeMoments, mergeMoments, noMoments } from "./moments.ts";
import { profileColumns } from "./profile-columns.ts";
import { columnProfile } from "./profile-parts.ts";

function momentsOf(values: readonly number[], cut = values.length) {
  const moments = noMoments();
  const parts = [values.slice(0, cut), values.slice(cut)];
  for (const part of parts) {
    const other = noMoments();
    addToMoments(other, Float64Array.from(part), part.length);
    mergeMoments(moments, other);
  }
  return moments;
}

function expectNear(actual: number | null, expected: number, tolerance: number): void {
  expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(tolerance * Math.abs(expected));
}

describe("against exact rational arithmetic and SciPy", () => {
  test.each(fixture)(
    "$name, in one go and in two parts",
    ({ values, mean, sd, skewness, kurtosis, digits }) => {
      for (const cut of [values.length, Math.floor(values.length / 3)]) {
        const moments = momentsOf(values, cut);
        const shape = describeMoments({
          count: moments.count,
          moments: closeMoments(moments, { min: 0, max: 1 }),
        });
        expectNear(shape.mean, mean, 1e-15);
        expectNear(shape.sd, sd, 10 ** -digits);
        expectNear(shape.skewness, skewness, 10 ** -digits);
        expectNear(shape.kurtosis, kurtosis, 10 ** -digits);
      }
    },
  );
});

test("equal values have no spread, whatever their sum rounds to", () => {
  for (const value of [0.1, 1 / 3, -7e-9, 1e300]) {
    for (let count = 1; count < 40; count += 1) {
      const x = new Array<number>(count).fill(value);
      const first = profileColumns({ x }, { seed: 1 });
      const merged = mergeProfiles(first, profileColumns({ x }, { seed: 1, firstRow: count }));
      for (const profile of [first, merged]) {
        expect(columnProfile(profile, "x")).toMatchObject({ moments: { mean: value, m2: 0, m3: 0, m4: 0 } });
      }
    }
  }
});
