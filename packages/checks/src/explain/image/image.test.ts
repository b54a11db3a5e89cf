import { describe, expect, test } from "vitest";
import { matrixOf, predictor, rowOf } from "../explain.support.ts";
import { kernelShap } from "../kernel/kernel-shap.ts";
import { imagePatches, overlayOf } from "./image-patches.ts";
import { occlusionMap } from "./occlusion-map.ts";

const size = { width: 5, height: 4 };
/** Ink in the upper left 2 × 2, and one dot at the lower right. */
const image = Float64Array.from({ length: 20 }, (_, at) => {
  const [x, y] = [at % 5, Math.floor(at / 5)];
  return (x < 2 && y < 2) || at === 19 ? 1 : 0;
});
/** How much ink there is in the upper left, and nothing. */
const corner = predictor((row) => [(row[0] ?? 0) + (row[1] ?? 0) + (row[5] ?? 0) + (row[6] ?? 0), 7]);

describe("patches", () => {
  test("cover each pixel once, smaller ones at the edges", () => {
    const patches = imagePatches(size, 2);
    expect(patches.map(({ columns }) => columns.length)).toEqual([4, 4, 2, 4, 4, 2]);
    expect(patches[0]).toEqual({ name: "patch 0, 0", columns: [0, 1, 5, 6] });
    expect(patches.flatMap(({ columns }) => columns).sort((a, b) => a - b)).toEqual([...image.keys()]);
  });

  test("have Shapley values, which an overlay spreads over their pixels", async () => {
    const groups = imagePatches(size, 2);
    const background = matrixOf([[...image].map(() => 0)]);
    const { values } = await kernelShap(corner, matrixOf([[...image]]), { background, groups });
    const overlay = overlayOf(groups, rowOf(values[0], 0));
    overlay.forEach((value, at) => {
      expect(value).toBeCloseTo([0, 1, 5, 6].includes(at) ? 1 : 0, 10);
    });
  });

  test("of no size are refused", () => {
    expect(() => imagePatches(size, 0)).toThrow(/imagePatches: "patch" is 0/);
  });
});

describe("an occlusion map", () => {
  test("is highest where covering makes the output fall, and says nothing of an output that stays", async () => {
    const map = await occlusionMap(corner, image, { ...size, patch: 2 });
    const falls = rowOf(map, 0);
    expect(falls[0]).toBe(4);
    expect(Math.max(...falls)).toBe(4);
    expect(falls[19]).toBe(0);
    expect(rowOf(map, 1).every((fall) => fall === 0)).toBe(true);
  });

  test("covers every pixel whatever the stride", async () => {
    for (const patch of [1, 2, 3, 9]) {
      for (const stride of [1, 2, 4]) {
        const map = await occlusionMap(corner, image, { ...size, patch, stride });
        expect(map.values.every(Number.isFinite)).toBe(true);
      }
    }
  });

  test("refuses an image of another size", async () => {
    await expect(occlusionMap(corner, image.slice(1), size)).rejects.toThrow(
      /19 columns, but an image of 5 × 4 has 20 features/,
    );
  });
});
