import { describe, expect, test } from "vitest";
import { profileColumns } from "../profile/profile-columns.ts";
import { createRandom } from "../random/random.ts";
import { checkDrift } from "./check-drift.ts";

const random = createRandom(11);

function uniforms(rows: number, shift = 0): Float64Array {
  return Float64Array.from({ length: rows }, () => random.uniform() + shift);
}

const reference = profileColumns({ a: uniforms(800), b: uniforms(800) }, { seed: 1 });

describe("what is found", () => {
  test("nothing, when nothing has changed", () => {
    const verdict = checkDrift(reference, { a: uniforms(300), b: uniforms(300) });
    expect(verdict).toMatchObject({ status: "ok", kind: "drift", columns: [] });
    expect(verdict.message).toBe("None of 2 columns drifted.");
    expect(verdict.evidence.a).toMatchObject({
      ...{ test: "ks", method: "exact", basis: "all-values", referenceCount: 800 },
    });
  });

  test("the columns that have moved, the loudest first, with their figures", () => {
    const verdict = checkDrift(reference, { a: uniforms(300, 0.3), b: uniforms(300, 0.5) });
    expect(verdict).toMatchObject({ status: "alarm", columns: ["b", "a"] });
    expect(verdict.message).toMatch(/^2 of 2 columns drifted: "b" \(D 0\.\d\d, adjusted p [^)]+\), "a"/);
    const { a, b } = verdict.evidence;
    expect(a?.statistic).toBeGreaterThan(0.25);
    expect(a?.effect).toBe(a?.statistic);
    expect(a?.adjustedPValue).toBeGreaterThanOrEqual(a?.pValue ?? 1);
    expect(b?.status).toBe("alarm");
  });

  test("a significant change below the minimum effect is a warning", () => {
    const large = profileColumns({ a: uniforms(5_000) }, { seed: 1, sampleSize: 5_000 });
    const window = { a: uniforms(5_000, 0.06) };
    expect(checkDrift(large, window)).toMatchObject({ status: "warning", columns: ["a"] });
    expect(checkDrift(large, window).evidence.a?.method).toBe("asymptotic");
    expect(checkDrift(large, window, { minimumEffect: 0.02 }).status).toBe("alarm");
  });

  test("a large change that chance explains is not an alarm", () => {
    const even = Float64Array.from({ length: 800 }, (_, row) => row / 800);
    const few = { a: [0.66, 0.8, 0.9, 0.99], b: [0.1, 0.3, 0.5, 0.9] };
    const verdict = checkDrift(profileColumns({ a: even, b: even }, { seed: 1 }), few, {
      minimumSample: 4,
      correction: "bonferroni",
    });
    expect(verdict.evidence.a?.effect).toBeGreaterThan(0.5);
    expect(verdict.evidence.a?.pValue).toBeLessThan(0.05);
    expect(verdict.evidence.a).toMatchObject({ status: "ok", correction: "bonferroni" });
  });

  test("missing values are left out, and what stands for the values is named: bins, or the reservoir", () => {
    const kept = profileColumns({ a: uniforms(800) }, { seed: 1, sampleSize: 100 });
    const window = [...uniforms(100), ...new Array<null>(50).fill(null), Number.NaN];
    const judged = checkDrift(kept, { a: window });
    expect(judged.evidence.a).toMatchObject({
      ...{ basis: "bins", method: "permutation", status: "alarm", currentCount: 100 },
      missing: { status: "alarm", reference: 0, current: 51 / 151 },
    });
    expect(judged.message).toContain("missing 0.0 % → 34 %");
    const valued = checkDrift(kept, { a: window }, { test: "wasserstein" });
    expect(valued.evidence.a).toMatchObject({ basis: "reservoir", test: "wasserstein" });
  });
});

describe("what cannot be judged names the column and says what to do", () => {
  const good = uniforms(100);
  const words = new Array(100).fill("red") as unknown as number[];
  const odd = profileColumns(
    {
      constant: new Array<number>(50).fill(7),
      missing: new Array<null>(50).fill(null),
      infinite: [Number.POSITIVE_INFINITY, ...uniforms(49)],
    },
    { seed: 1 },
  );

  test.each([
    ["an unseen column", reference, { a: good, b: good, c: good }, "c", "unseen-column"],
    ["a column that is gone", reference, { a: good }, "b", "missing-column"],
    ["an empty window", reference, { a: [], b: [] }, "a", "empty"],
    ["one row", reference, { a: [0.5], b: [0.5] }, "a", "too-few"],
    ["all missing", reference, { a: good, b: good.map(() => Number.NaN) }, "b", "all-missing"],
    ["an infinite value", reference, { a: [...good.slice(1), Infinity], b: good }, "a", "infinite"],
    ["words", reference, { a: words, b: good }, "a", "wrong-type"],
    ["no list at all", reference, { a: undefined as unknown as number[], b: good }, "a", "missing-column"],
    ["columns of different lengths", reference, { a: good, b: good.slice(9) }, "b", "length-mismatch"],
    ["an empty reference", profileColumns({ a: [] }, { seed: 1 }), { a: good }, "a", "reference-empty"],
    ["one reference row", profileColumns({ a: [1] }, { seed: 1 }), { a: good }, "a", "reference-too-few"],
    ["a constant reference", odd, { constant: good }, "constant", "reference-constant"],
    ["a reference all missing", odd, { missing: good }, "missing", "reference-all-missing"],
    ["an infinite reference", odd, { infinite: good }, "infinite", "reference-infinite"],
  ])("%s", (_, profile, window, column, problem) => {
    const verdict = checkDrift(profile, window);
    expect(verdict.status).toBe("invalid");
    expect(verdict.columns).toContain(column);
    expect(verdict.message).toContain(`"${column}": `);
    const evidence = verdict.evidence[column];
    expect(evidence).toMatchObject({ status: "invalid", problem, statistic: null, adjustedPValue: null });
    expect(evidence?.message).toMatch(/: (leave|mend|make|see|gather|convert|give)|, or set/);
  });

  test("no columns on either side", () => {
    const verdict = checkDrift(profileColumns({}, { seed: 1 }), {});
    expect(verdict).toMatchObject({ status: "invalid", columns: [] });
    expect(verdict.message).toMatch(/nothing to compare/);
  });

  test("the other columns are judged all the same", () => {
    const verdict = checkDrift(reference, { a: uniforms(300, 0.5), b: new Array<null>(300).fill(null) });
    expect(verdict).toMatchObject({ status: "invalid", columns: ["b"] });
    expect(verdict.evidence.a?.status).toBe("alarm");
    expect(verdict.message).toMatch(/"b": all 300 values .*\n1 of 1 column drifted: "a"/);
  });
});

test("a constant column may be compared: quiet while it stays, ringing when it changes", () => {
  const constant = profileColumns({ a: new Array<number>(100).fill(0) }, { seed: 1 });
  const compare = (window: number[]) => checkDrift(constant, { a: window }, { constantColumns: "compare" });
  expect(compare(new Array(100).fill(0)).status).toBe("ok");
  expect(compare(new Array(100).fill(0).map((_, row) => row % 4)).status).toBe("alarm");
});

test.each([
  { significance: 0 },
  { significance: Number.NaN },
  { minimumEffect: -1 },
  { minimumSample: 1 },
  { simulations: 10 },
  { test: "t" as never },
  { tests: { a: "t" as never } },
])("%o is refused", (options) => {
  expect(() => checkDrift(reference, {}, options)).toThrow(
    expect.objectContaining({ code: "SCANFLOW_CHECK_OPTION_INVALID" }),
  );
});
