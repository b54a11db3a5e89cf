import { join } from "node:path";
import { gatherRows, type Matrix, takeRows, toMatrix } from "@scanflow/checks";
import {
  exportNetwork,
  type Layer,
  type Network,
  type TrainedNetwork,
  type TrainingData,
  trainNetwork,
} from "@scanflow/checks/nn";
import { openDataset } from "scanflow/data";
import { createOnnxRuntime } from "scanflow/inference";
import { afterAll, beforeAll, expect, test } from "vitest";

const source = join(import.meta.dirname, "../examples/digits/data/digits.csv");
const runtime = createOnnxRuntime({ threads: 1 });
const pixels = Array.from({ length: 64 }, (_, at) => `pixel_${Math.floor(at / 8)}_${at % 8}`);

interface Digits {
  readonly rows: number;
  readonly values: Float32Array;
  readonly labels: readonly number[];
}

/** The file has one writer after the other, so every fifth image is kept to be tried on. */
let known: Digits;
let unseen: Digits;

beforeAll(async () => {
  const all = await gatherRows(await openDataset(source));
  const part = (wanted: boolean): Digits => {
    const places = Array.from({ length: all.rows }, (_, row) => row).filter(
      (row) => (row % 5 === 0) === wanted,
    );
    const rows = takeRows(all, places);
    return {
      rows: rows.rows,
      values: Float32Array.from(numbers(toMatrix(rows, pixels)), (ink) => ink / 16),
      labels: [...numbers(toMatrix(rows, ["label"]))],
    };
  };
  known = part(false);
  unseen = part(true);
});
afterAll(() => runtime.close());

function numbers({ values }: Matrix): Float64Array {
  return values;
}

async function answers({ network, weights }: TrainedNetwork, { rows, values }: TrainingData) {
  const session = await runtime.open(exportNetwork(network, weights));
  const [answer] = await session.run([{ x: { shape: [rows, ...network.input], values } }]);
  await session.close();
  return answer?.y?.values as Float32Array;
}

const conv = (filters: number, stride = 1): Layer[] => [
  { kind: "conv", filters, kernel: 3, stride },
  { kind: "relu" },
];

test("a convolutional network learns to read digits that it has not seen", async () => {
  const network: Network = {
    input: [1, 8, 8],
    layers: [
      ...conv(8),
      { kind: "max-pool", size: 2 },
      ...conv(16),
      { kind: "reshape", shape: [256] },
      { kind: "dense", units: 10 },
    ],
  };
  const targets = Float32Array.from({ length: known.rows * 10 }, (_, at) =>
    Number(known.labels[Math.floor(at / 10)] === at % 10),
  );
  const trained = await trainNetwork(
    network,
    { ...known, targets },
    { runtime, loss: "softmax", epochs: 12, batch: 32, optimizer: { kind: "adam", rate: 0.005 } },
  );
  const logits = await answers(trained, unseen);
  const right = unseen.labels.filter((label, row) => {
    const own = logits.subarray(row * 10, row * 10 + 10);
    return own.indexOf(Math.max(...own)) === label;
  });
  expect(right.length / unseen.rows).toBeGreaterThan(0.95);
});

test("a convolutional autoencoder learns to take noise out of digits", async () => {
  const network: Network = {
    input: [1, 8, 8],
    layers: [
      ...conv(8, 2),
      ...conv(16, 2),
      { kind: "reshape", shape: [64] },
      { kind: "dense", units: 16 },
      { kind: "dense", units: 64 },
      { kind: "relu" },
      { kind: "reshape", shape: [16, 2, 2] },
      { kind: "upsample", scale: 2 },
      ...conv(8),
      { kind: "upsample", scale: 2 },
      { kind: "conv", filters: 1, kernel: 3 },
    ],
  };
  // From −0.5 to 0.5, by the generator of Park and Miller.
  let state = 1;
  const uniform = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
  const noise = {
    rows: 1000,
    factors: new Float32Array(64_000).fill(1),
    additions: Float32Array.from({ length: 64_000 }, uniform),
  };
  const trained = await trainNetwork(network, known, {
    runtime,
    epochs: 15,
    batch: 32,
    optimizer: { kind: "adam", rate: 0.005 },
    schedule: "cosine",
    noise,
    validation: unseen,
  });
  const spoilt = unseen.values.map((ink, at) => ink + (noise.additions[at] ?? 0));
  const restored = await answers(trained, { rows: unseen.rows, values: spoilt });
  const error = (images: Float32Array) =>
    images.reduce((sum, ink, at) => sum + (ink - (unseen.values[at] ?? 0)) ** 2, 0) / images.length;
  expect(error(restored)).toBeLessThan(0.5 * error(spoilt));
});
