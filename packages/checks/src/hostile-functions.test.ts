import { describe, expect, test } from "vitest";
import { batchOf } from "./batch/batch-of.ts";
import { complaintsOf } from "./checker/told-well.test.support.ts";
import { fitDetector, loadDetector } from "./detector/index.ts";
import {
  accumulatedLocalEffects,
  attributionDrift,
  imagePatches,
  kernelShap,
  partialDependence,
  permutationImportance,
} from "./explain/index.ts";
import type { Predict } from "./explain/predict.ts";
import type { Matrix } from "./maths/matrix.ts";
import { runtime } from "./nn/nn.support.ts";
import { aucEstimate, fitIsotonic, fitPlatt, measureCalibration, rankScores } from "./performance/index.ts";
import { createRandom } from "./random/index.ts";
import { encodeFeatures, findWorstSlices, growErrorTree } from "./slices/index.ts";
import {
  chiSquareTest,
  classifierTest,
  gTest,
  ksPValue,
  ksTwoSample,
  measureCounts,
  measureValues,
  mmd,
  permutationTest,
  reconstructionTest,
  shareDifference,
  shareRatio,
  wilson,
} from "./statistics/index.ts";
import { restoreDetector, streamDetector, streamDetectorNames } from "./stream/index.ts";

const { NaN: NONE, POSITIVE_INFINITY: ENDLESS, MAX_VALUE: LARGEST } = Number;

const SAMPLES: Readonly<Record<string, Float64Array>> = {
  "no value": Float64Array.of(),
  "one value": Float64Array.of(0.5),
  "equal values": Float64Array.of(1, 1, 1, 1),
  "a NaN": Float64Array.of(0, NONE, 1, 0),
  "an infinity": Float64Array.of(0, ENDLESS, 1, 0),
  "the largest numbers": Float64Array.of(LARGEST, -LARGEST, 1e308, 0),
  "denormal numbers": Float64Array.of(5e-324, 0, -0, 2e-320),
  "few values": Float64Array.of(0, 1, 0.25, 1),
};
const pairs = Object.keys(SAMPLES).flatMap((one) =>
  Object.keys(SAMPLES).map((other) => [one, other] as const),
);

const MATRICES: Readonly<Record<string, Matrix>> = Object.fromEntries([
  ...Object.entries(SAMPLES).map(([name, values]) => [
    name,
    { rows: Math.floor(values.length / 2), columns: 2, values },
  ]),
  ["too few values", { rows: 4, columns: 2, values: Float64Array.of(1, 2, 3) }],
  ["no column", { rows: 3, columns: 0, values: Float64Array.of() }],
  ["another width", { rows: 2, columns: 3, values: Float64Array.of(1, 2, 3, 4, 5, 6) }],
]);
const matrixPairs = Object.keys(MATRICES).flatMap((one) =>
  Object.keys(MATRICES).map((other) => [one, other] as const),
);

/** What a call answers that it should not: an error without a code, or a number that is none. */
async function told(call: () => unknown): Promise<string[]> {
  try {
    return strays(await call(), "answer");
  } catch (error) {
    return complaintsOf(error);
  }
}

function strays(value: unknown, path: string): string[] {
  if (typeof value === "number") return Number.isFinite(value) ? [] : [`${path} is ${value}`];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, own]) => strays(own, `${path}.${key}`));
}

async function expectTold(calls: Iterable<readonly [what: string, call: () => unknown]>): Promise<void> {
  const found: string[] = [];
  for (const [what, call] of calls) found.push(...(await told(call)).map((text) => `${what}: ${text}`));
  expect(found).toEqual([]);
}

const sampleOf = (name: string) => SAMPLES[name] as Float64Array;
const matrixOf = (name: string) => MATRICES[name] as Matrix;

const intervalOf = ({ low, high }: { readonly low: number; readonly high: number }) => ({ low, high });

describe("samples", () => {
  const calls: Readonly<Record<string, (a: Float64Array, b: Float64Array) => unknown>> = {
    ksTwoSample,
    chiSquareTest,
    gTest,
    wasserstein: (a, b) => measureValues(a, b, { distance: "wasserstein" }),
    energy: (a, b) => measureValues(a, b, { distance: "energy" }),
    "anderson-darling": (a, b) => measureValues(a, b, { distance: "anderson-darling" }),
    psi: (a, b) => measureCounts(a, b, { distance: "psi" }),
    "jensen-shannon": (a, b) => measureCounts(a, b, { distance: "jensen-shannon" }),
    permutationTest: (a, b) =>
      permutationTest(a, b, { distance: "cramer-von-mises", seed: 1, simulations: 100 }),
    measureCalibration: (a, b) => measureCalibration(a, b),
    fitPlatt: (a, b) => fitPlatt(a, b)(0.5),
    fitIsotonic: (a, b) => fitIsotonic(a, b)(0.5),
    // Where a class has no row the area is NaN, as is said; its interval is all that an area can be.
    rankScores: (a, b) => intervalOf(aucEstimate(rankScores(a, b))),
  };
  test.each(Object.entries(calls))("%s", async (_, call) => {
    await expectTold(pairs.map(([a, b]) => [`${a}, ${b}`, () => call(sampleOf(a), sampleOf(b))]));
  });
});

describe("tables of numbers", () => {
  const answer: Predict = ({ rows, columns, values }) => ({
    rows,
    columns: 1,
    values: Float64Array.from({ length: rows }, (_, row) => values[row * columns] ?? 0),
  });
  const options = { seed: 1, repeats: 2, score: "absolute-error" } as const;
  const calls: Readonly<Record<string, (a: Matrix, b: Matrix) => unknown>> = {
    mmd: (a, b) => mmd(a, b, { seed: 1, simulations: 100 }),
    classifierTest: (a, b) => classifierTest(a, b, { seed: 1 }),
    reconstructionTest: (a, b) => reconstructionTest(a, b, { seed: 1, simulations: 100 } as never),
    attributionDrift: (a, b) => attributionDrift(a, b, { random: createRandom(1), repeats: 19 }),
    kernelShap: (a, b) => kernelShap(answer, a, { background: b }),
    permutationImportance: (a, b) => permutationImportance(answer, { rows: a, truth: b.values }, options),
    partialDependence: (a, b) => partialDependence(answer, { rows: a, feature: b.columns - 2 }),
    accumulatedLocalEffects: (a, b) => accumulatedLocalEffects(answer, { rows: a, feature: b.rows - 1 }),
  };
  test.each(Object.entries(calls))("%s", async (_, call) => {
    await expectTold(matrixPairs.map(([a, b]) => [`${a}, ${b}`, () => call(matrixOf(a), matrixOf(b))]));
  });

  test("a predictor that answers too few rows, none, a text, NaN or too much, or that throws", async () => {
    const answers: Readonly<Record<string, () => unknown>> = {
      "too few rows": () => ({ rows: 1, columns: 1, values: Float64Array.of(1) }),
      nothing: () => undefined,
      "a text": () => "yes",
      NaN: () => ({ rows: 2, columns: 1, values: Float64Array.of(1, NONE) }),
      "too much": () => ({ rows: 2, columns: 1, values: Float64Array.of(1, LARGEST) }),
      "a failure": () => {
        throw new TypeError("x is undefined");
      },
    };
    const rows = matrixOf("few values");
    const told = Object.entries(answers).map(async ([what, wrong]) => {
      const error = await kernelShap(wrong as unknown as Predict, rows, { background: rows }).catch(String);
      return [what, error];
    });
    for (const [what, error] of await Promise.all(told)) {
      expect(error, String(what)).toMatch(
        /^ChecksError: The predictor (did not answer|answered|failed on 2 rows)/,
      );
    }
  });
});

test("shares and sizes", async () => {
  const numbers = [NONE, -1, 0, 0.5, 1.5, 3, ENDLESS, LARGEST];
  await expectTold(
    numbers.flatMap((one) =>
      numbers.flatMap((other) => {
        const [a, b] = [
          { hits: one, rows: other },
          { hits: 1, rows: 4 },
        ];
        return [
          // Without a row there is no share, and NaN says so.
          [`wilson ${one} of ${other}`, () => (other === 0 ? null : wilson(one, other))],
          [`difference ${one} of ${other}`, () => (other === 0 ? null : shareDifference(a, b))],
          [`ratio ${one} of ${other}`, () => (other === 0 ? null : shareRatio(a, b))],
          [`ks ${one} of ${other}`, () => ksPValue(one, [other, 5])],
          [`confidence ${one}`, () => wilson(1, 4, one)],
        ] as const;
      }),
    ),
  );
});

test("losses of slices", async () => {
  const table = encodeFeatures(batchOf({ x: ["a", "b", "a", "b"] }));
  const options = { minimumSupport: 2 };
  await expectTold(
    Object.entries(SAMPLES).flatMap(([what, losses]) => [
      [`slices, ${what}`, () => findWorstSlices(table, losses.map(Math.abs), options)],
      [`tree, ${what}`, () => growErrorTree(table, losses.map(Math.abs), options)],
    ]),
  );
});

test("sizes of pictures", async () => {
  const sizes = [0, -1, NONE, 1.5, ENDLESS];
  await expectTold(sizes.map((size) => [`${size}`, () => imagePatches({ width: size, height: 4 }, 2)]));
});

describe("streams", () => {
  test.each(streamDetectorNames)(
    "%s is never blind: it refuses a value, or its state stays a number",
    async (name) => {
      const values = [NONE, ENDLESS, LARGEST, -LARGEST, 1e149, 5e-324, "1", null, undefined, {}, 1n];
      await expectTold(
        values.map((value) => [
          String(value),
          () => {
            const detector = streamDetector(name);
            for (let record = 0; record < 80; record += 1) {
              detector.update(record % 2 === 0 ? (value as number) : 0);
            }
            return restoreDetector(JSON.parse(JSON.stringify(detector.state()))).state();
          },
        ]),
      );
    },
  );
});

test("a detector's file of which any byte was changed, or that was cut, is refused", async () => {
  const random = createRandom(1, "bytes");
  const table = batchOf({ x: Array.from({ length: 60 }, () => random.uniform()) });
  const bytes = (await fitDetector(table, { runtime, kind: "pca" })).save();
  for (let time = 0; time < 40; time += 1) {
    const changed = bytes.slice();
    const at = random.below(bytes.length);
    changed[at] = (changed[at] as number) ^ (1 + random.below(255));
    for (const wrong of [changed, bytes.slice(0, at)]) {
      const error = await loadDetector(wrong, runtime).catch((caught: unknown) => caught);
      expect(error, `byte ${at}`).toMatchObject({
        code: expect.stringMatching(/^SCANFLOW_(ONNX|DETECTOR)_INVALID$/),
      });
      expect(complaintsOf(error)).toEqual([]);
    }
  }
});
