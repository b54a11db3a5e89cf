import { describe, expect, test } from "vitest";
import { batchOf } from "../../batch/batch-of.ts";
import { createRandom } from "../../random/random.ts";
import { encodeFeatures } from "../../slices/table/encode-features.ts";
import { type Predictor, singlePredictors } from "./single-predictors.ts";
import { readTarget } from "./target.ts";

function predict(table: Record<string, (number | string | null)[]>, seed = 1): Record<string, Predictor> {
  const batch = batchOf(table);
  const columns = Object.keys(table).filter((name) => name !== "label");
  const features = encodeFeatures(batch, { columns, bins: 100, levels: 200 });
  const target = readTarget(batch, "label", "auto");
  const found = singlePredictors(features, batch, { target, random: createRandom(seed) });
  return Object.fromEntries(found.map((own) => [own.column, own]));
}

const list = <Value>(rows: number, value: (row: number) => Value) =>
  Array.from({ length: rows }, (_, row) => value(row));

describe("of classes", () => {
  test("a level, a threshold, a missing value and a rare class that tell the label are skill 1; what does not is near 0", () => {
    const { uniform } = createRandom(3);
    const score = list(1_000, () => uniform());
    const rare = score.map((own) => own > 0.98);
    const found = predict({
      label: rare.map((own) => (own ? "fraud" : "fine")),
      score,
      level: rare.map((own) => (own ? "blocked" : uniform() < 0.5 ? "a" : "b")),
      gap: rare.map((own) => (own ? null : uniform())),
      noise: list(1_000, () => uniform()),
    });
    for (const name of ["score", "level", "gap"]) expect(found[name]?.skill, name).toBeGreaterThan(0.95);
    expect(found.noise?.skill).toBeLessThan(0.4);
    expect(found.noise?.byChance).toBeGreaterThan((found.noise?.skill ?? 1) / 3);
  });

  test("the interval holds Youden's J of a label that is copied with errors, and chance is seldom exceeded", () => {
    let [held, lucky] = [0, 0];
    const draws = 100;
    for (let seed = 1; seed <= draws; seed += 1) {
      const { uniform } = createRandom(seed, "copy");
      const label = list(300, () => Number(uniform() < 0.3));
      const copy = label.map((own) => (uniform() < 0.1 ? 1 - own : own));
      const { copy: told, noise } = predict(
        {
          label: label.map(String),
          copy: copy.map(String),
          noise: list(300, () => String(Math.floor(4 * uniform()))),
        },
        seed,
      );
      // A tenth is wrong in either class: .9 + .9 − 1.
      held += Number((told?.low ?? 1) <= 0.8 && 0.8 <= (told?.high ?? 0));
      lucky += Number((noise?.skill ?? 1) > (noise?.byChance ?? 0));
    }
    expect(held / draws).toBeGreaterThanOrEqual(0.9);
    expect(lucky / draws).toBeLessThan(0.13);
  });

  test("classes of fewer than ten rows are not judged, and with one class there is nothing to tell", () => {
    const label = list(200, (row) => (row < 5 ? "odd" : row % 2 ? "a" : "b"));
    expect(predict({ label, same: label }).same?.skill).toBe(1);
    expect(predict({ label: list(200, () => "a"), x: list(200, (row) => row % 3) })).toEqual({});
  });
});

test("of values skill is the share of the variance of their ranks, with an interval that holds it", () => {
  const { uniform } = createRandom(5);
  const x = list(2_000, () => uniform());
  const found = predict({
    label: x.map((own) => Math.exp(9 * own)),
    x,
    rough: x.map((own) => own + 0.5 * uniform()),
    noise: x.map(() => uniform()),
  });
  expect(found.x?.skill).toBeGreaterThan(0.999);
  expect(found.rough?.skill).toBeGreaterThan(0.6);
  expect(found.rough?.skill).toBeLessThan(0.9);
  expect(found.rough?.low).toBeLessThan(found.rough?.skill ?? 0);
  expect(found.noise?.skill).toBeLessThan(0.01);
});
