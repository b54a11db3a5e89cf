import { describe, expect, test } from "vitest";
import { createRandom } from "../random/random.ts";
import { exportNetwork } from "./export-network.ts";
import fixture from "./fixtures/adam.json" with { type: "json" };
import { initialWeights } from "./initial-weights.ts";
import type { Network } from "./network.ts";
import { runtime } from "./nn.support.ts";
import type { Optimizer } from "./optimizers.ts";
import { trainNetwork } from "./train-network.ts";

const network: Network = {
  input: [6],
  layers: [{ kind: "dense", units: 4 }, { kind: "tanh" }, { kind: "dense", units: 6 }],
};
const random = createRandom(5, "data");
const rows = 50;
const data = { rows, values: Float32Array.from({ length: rows * 6 }, () => random.uniform()) };
const noise = {
  rows: 20,
  factors: Float32Array.from({ length: 120 }, () => Number(random.uniform() > 0.2)),
  additions: Float32Array.from({ length: 120 }, () => random.uniform() / 10),
};

test("the same seed gives the same weights bit for bit, another seed other ones", async () => {
  const options = { runtime, epochs: 3, batch: 16, noise };
  const first = await trainNetwork(network, data, { ...options, seed: 1 });
  const second = await trainNetwork(network, data, { ...options, seed: 1 });
  const other = await trainNetwork(network, data, { ...options, seed: 2 });
  expect(second).toEqual(first);
  expect(other.weights).not.toEqual(first.weights);
});

test.each<Optimizer>([{ kind: "adam", rate: 0.01 }, { kind: "adadelta" }])(
  "training with $kind brings the loss down",
  async (optimizer) => {
    const { history } = await trainNetwork(network, data, { runtime, epochs: 60, batch: 16, optimizer });
    expect(history.at(-1)?.loss).toBeLessThan(0.6 * (history[0]?.loss ?? 0));
  },
);

describe("the steps are those of PyTorch", () => {
  test.each(fixture.runs)("$name", async ({ optimizer, losses, weight }) => {
    const { history, weights } = await trainNetwork(
      { input: [3], layers: [{ kind: "dense", units: 3 }] },
      { rows: 4, values: Float32Array.from(fixture.data), targets: Float32Array.from(fixture.targets) },
      { runtime, epochs: 20, batch: 4, optimizer: optimizer as Optimizer, seed: 0 },
    );
    for (const [at, loss] of losses.entries()) expect(history[at]?.loss).toBeCloseTo(loss, 5);
    for (const [at, value] of weight.entries()) expect(weights["0.weight"]?.values[at]).toBeCloseTo(value, 5);
  });

  test("from the weights that the fixture was made with", () => {
    const start = initialWeights({ input: [3], layers: [{ kind: "dense", units: 3 }] }, 0);
    expect([...(start["0.weight"]?.values ?? [])]).toEqual(fixture.start);
  });
});

test("the weights given back are those with the least loss on rows that were kept out", async () => {
  const validation = { rows: 10, values: data.values.slice(0, 60).map((value) => 1 - value) };
  const options = { runtime, batch: 8, optimizer: { kind: "adam", rate: 0.05 } } as const;
  const { history, weights } = await trainNetwork(network, data, {
    ...options,
    epochs: 200,
    validation,
    patience: 4,
  });
  const losses = history.map(({ validationLoss }) => validationLoss ?? Number.NaN);
  expect(history.length).toBeLessThan(200);
  expect(losses.indexOf(Math.min(...losses))).toBe(losses.length - 5);
  const stopped = await trainNetwork(network, data, { ...options, epochs: losses.length - 4 });
  expect(weights).toEqual(stopped.weights);
});

test("a network learns classes by softmax cross entropy, and its file answers what it learnt", async () => {
  const classes: Network = {
    input: [2],
    layers: [{ kind: "dense", units: 8 }, { kind: "relu" }, { kind: "dense", units: 3 }],
  };
  const points = Float32Array.from({ length: 300 }, () => random.uniform());
  const classOf = (row: number) =>
    (points[2 * row] ?? 0) > 0.5 ? 2 : (points[2 * row + 1] ?? 0) > 0.5 ? 1 : 0;
  const targets = Float32Array.from({ length: 450 }, (_, at) =>
    Number(classOf(Math.floor(at / 3)) === at % 3),
  );
  const { weights } = await trainNetwork(
    classes,
    { rows: 150, values: points, targets },
    { runtime, loss: "softmax", epochs: 150, batch: 25, optimizer: { kind: "adam", rate: 0.03 } },
  );
  const session = await runtime.open(exportNetwork(classes, weights));
  const [answer] = await session.run([{ x: { shape: [150, 2], values: points } }]);
  const right = Array.from({ length: 150 }, (_, row) => {
    const logits = [...(answer?.y?.values ?? [])].slice(3 * row, 3 * row + 3).map(Number);
    return logits.indexOf(Math.max(...logits)) === classOf(row);
  });
  expect(right.filter(Boolean).length).toBeGreaterThan(140);
  await session.close();
});

test("training stops between two steps when it is no longer wanted", async () => {
  const controller = { aborted: false, throwIfAborted: () => controller.aborted && raise() };
  const raise = () => {
    throw new Error("no longer wanted");
  };
  const running = trainNetwork(network, data, {
    runtime,
    epochs: 1000,
    signal: controller,
    onEpoch: ({ epoch }) => {
      controller.aborted = epoch === 2;
    },
  });
  await expect(running).rejects.toThrow("no longer wanted");
});

describe("what does not fit is refused", () => {
  test.each<[string, Network, RegExp]>([
    ["no layers", { input: [4], layers: [] }, /it has no layers.*Give at least one/],
    [
      "images for a dense layer",
      { input: [1, 2, 2], layers: [{ kind: "dense", units: 1 }] },
      /layer 0 \(dense\) takes flat rows, but the layers before leave \[1,2,2\]/,
    ],
    [
      "rows for a convolution",
      { input: [4], layers: [{ kind: "conv", filters: 1, kernel: 3 }] },
      /takes images/,
    ],
    [
      "a filter larger than the image",
      { input: [1, 2, 2], layers: [{ kind: "conv", filters: 1, kernel: 3, padding: "valid" }] },
      /would give the shape \[1,0,0\]/,
    ],
    ["another size", { input: [4], layers: [{ kind: "reshape", shape: [3] }] }, /makes \[3\] of \[4\]/],
    ["half a unit", { input: [4], layers: [{ kind: "dense", units: 1.5 }] }, /\[1.5\]/],
  ])("%s", async (_, wrong, message) => {
    const options = { runtime };
    const one = { rows: 1, values: new Float32Array(4) };
    await expect(trainNetwork(wrong, one, options)).rejects.toThrow(message);
    await expect(trainNetwork(wrong, one, options)).rejects.toMatchObject({
      code: "SCANFLOW_NETWORK_INVALID",
    });
  });

  test("no rows, and a loss that is no number", async () => {
    const empty = trainNetwork(network, { rows: 0, values: new Float32Array(0) }, { runtime });
    await expect(empty).rejects.toThrow(/shape \[6\], but 0 rows with 0 numbers were given/);
    const infinite = { rows: 1, values: new Float32Array(6).fill(Number.POSITIVE_INFINITY) };
    await expect(trainNetwork(network, infinite, { runtime })).rejects.toMatchObject({
      code: "SCANFLOW_TRAINING_DIVERGED",
    });
  });
});
