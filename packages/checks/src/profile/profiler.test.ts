import { describe, expect, test } from "vitest";
import { batchOf, type ColumnValues } from "../batch/batch-of.ts";
import type { NumberProfile } from "./column-profile.ts";
import type { Profile } from "./profile.ts";
import type { ProfileOptions } from "./profile-options.ts";
import { columnProfile } from "./profile-parts.ts";
import { createProfiler } from "./profiler.ts";

function profileParts(
  parts: readonly Record<string, ColumnValues>[],
  options: Partial<ProfileOptions> = {},
): Profile {
  const profiler = createProfiler({ seed: 1, ...options });
  for (const part of parts) profiler.add(batchOf(part));
  return profiler.finish();
}

function countsOf(profile: Profile, name = "x"): readonly number[] {
  return (columnProfile(profile, name) as NumberProfile).histogram.counts;
}

describe("bins that are chosen before all rows have come", () => {
  const rising = Array.from({ length: 20 }, (_, part) => ({
    x: Float64Array.from({ length: 4_000 }, (_, row) => part * 4_000 + row),
  }));

  test("are filled by rows that go on rising, too", () => {
    const counts = countsOf(profileParts(rising));
    expect(counts.length).toBeGreaterThanOrEqual(8);
    expect(Math.max(...counts)).toBeLessThan(0.35 * 80_000);
    const falling = countsOf(profileParts(rising.toReversed()));
    expect(Math.max(...falling)).toBeLessThan(0.35 * 80_000);
  });

  test("hold apart what comes after a constant", () => {
    const zeros = { x: new Float64Array(12_000) };
    const later = { x: Float64Array.from({ length: 8_000 }, (_, row) => (row % 4 === 0 ? row / 800 : 0)) };
    expect(countsOf(profileParts([zeros, later])).length).toBeGreaterThanOrEqual(4);
  });

  test("are taken over from the profile that was named, even more or fewer than asked for", () => {
    const reference = profileParts(rising, { bins: 50 });
    const window = profileParts(rising.slice(3, 9), { like: reference, bins: 5 });
    const cutsOf = (profile: Profile) => (columnProfile(profile, "x") as NumberProfile).histogram.cuts;
    expect(cutsOf(window)).toEqual(cutsOf(reference));
    expect(countsOf(window).reduce((sum, count) => sum + count, 0)).toBe(24_000);
  });
});

describe("batches of one table", () => {
  test("may be cut anywhere", () => {
    const whole = Array.from({ length: 3_000 }, (_, row) => (row * 7) % 1_000);
    const parts = [whole.slice(0, 1), whole.slice(1, 700), whole.slice(700)].map((x) => ({ x }));
    expect(profileParts(parts)).toEqual(profileParts([{ x: whole }]));
  });

  test("may come with their columns in another order, and with one that is missing altogether", () => {
    const profile = profileParts([
      { x: [null], y: [1] },
      { y: [2], x: ["a"] },
      { x: [null], y: [null] },
    ]);
    expect(profile.columns).toMatchObject([
      { name: "x", kind: "text", nulls: 2, count: 1 },
      { name: "y", kind: "number", nulls: 1, count: 2 },
    ]);
    expect(profile.sample.columns.map(({ kind }) => kind)).toEqual(["text", "number"]);
  });

  test.each([
    [{ x: ["a"] }, /"x" holds numbers and then texts/],
    [{ x: [1], y: [1] }, /"y" is not among those of the first batch/],
    [{}, /"x" is missing in a later batch/],
  ])("%j after a number x is refused", (other, message) => {
    const parts = [{ x: [1] }, other as Record<string, ColumnValues>];
    expect(() => profileParts(parts)).toThrow(message);
    expect(() => profileParts(parts)).toThrow(expect.objectContaining({ code: "SCANFLOW_COLUMN_INVALID" }));
  });

  test("may share a dictionary that is much longer than they are", () => {
    const dictionary = Array.from({ length: 5_000 }, (_, place) => `text ${place}`);
    const profiler = createProfiler({ seed: 1 });
    for (const code of [4_999, 7, 4_999]) {
      const codes = Int32Array.of(code, 3);
      const column = { kind: "text", name: "x", validity: Uint8Array.of(1), dictionary, codes } as const;
      profiler.add({ rows: 2, columns: [column] });
    }
    expect(columnProfile(profiler.finish(), "x")).toMatchObject({
      count: 3,
      nulls: 3,
      categories: { texts: ["text 4999", "text 7"], counts: [2, 1] },
    });
  });

  test("cannot be added when the profile is made", () => {
    const profiler = createProfiler({ seed: 1 });
    profiler.finish();
    expect(() => profiler.add(batchOf({ x: [1] }))).toThrow(/has finished. Make another one/);
  });
});
