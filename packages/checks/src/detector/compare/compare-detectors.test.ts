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

test("the original detector can be compared, and is not the best for flagging what is usual", async () => {
  const { best, detectors, figure } = await compareDetectors(bars(300, 1), {
    runtime,
    seed: 1,
    kinds: ["pca", "scanflow-2021"],
    originalEpochs: 5,
  });
  const [, original] = detectors;
  expect(original?.kind).toBe("scanflow-2021");
  expect(Object.keys(original?.found ?? {})).toHaveLength(10);
  expect(figure.series.map(({ name }) => name)).toEqual(["pca", "scanflow-2021"]);
  const calm = detectors.filter(({ keepsToFalsePositives }) => keepsToFalsePositives);
  expect(calm.map(({ kind }) => kind)).toContain(best);
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
