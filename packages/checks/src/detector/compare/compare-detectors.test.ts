import { expect, test } from "vitest";
import { runtime } from "../../nn/nn.support.ts";
import { bars, table } from "../detector.support.ts";
import { compareDetectors } from "./compare-detectors.ts";

test("each detector is tried on the same corruptions of images, and the one that finds most is named", async () => {
  const { best, detectors, figure } = await compareDetectors(bars(500, 1), { runtime, seed: 1, steps: 200 });
  const means = detectors.map(({ mean }) => mean);
  expect(detectors.map(({ kind }) => kind)).toEqual(["autoencoder", "pca", "neighbours"]);
  expect(detectors.find(({ kind }) => kind === best)?.mean).toBe(Math.max(...means));
  for (const { falsePositives, found } of detectors) {
    expect(falsePositives).toBeLessThan(0.15);
    expect(Object.keys(found)).toHaveLength(10);
    expect(found.shift).toBeGreaterThan(0.2);
  }
  expect(figure.categories).toHaveLength(11);
});

test("tables are torn, mixed, shifted and thinned, their texts replaced by unseen ones", async () => {
  const { detectors } = await compareDetectors(table(600, 1), { runtime, seed: 1, steps: 200 });
  const [autoencoder] = detectors;
  expect(autoencoder?.found["unseen categories"]).toBe(1);
  expect(autoencoder?.found["missing values"]).toBeGreaterThan(0.5);
  expect(autoencoder?.found["columns of different rows"]).toBeGreaterThan(0.1);
  const again = await compareDetectors(table(600, 1), {
    runtime,
    seed: 1,
    steps: 200,
    kinds: ["autoencoder"],
  });
  expect(again.detectors).toEqual([autoencoder]);
});
