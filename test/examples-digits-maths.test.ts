import { describe, expect, test } from "vitest";
import { createAdam } from "../examples/digits/steps/shared/adam.ts";
import {
  createMatrix,
  type Matrix,
  product,
  productTransposed,
  transposedProduct,
} from "../examples/digits/steps/shared/matrix.ts";
import { createNetwork, lossAndGradient, predict } from "../examples/digits/steps/shared/network.ts";
import { createRandom, shuffled } from "../examples/digits/steps/shared/random.ts";
import { applyScaler, fitScaler } from "../examples/digits/steps/shared/scaler.ts";

const random = createRandom(5);

function randomMatrix(rows: number, columns: number): Matrix {
  return createMatrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => 2 * random() - 1),
  );
}

function transposed({ rows, columns, values }: Matrix): Matrix {
  const flipped = createMatrix(columns, rows);
  for (const [index, value] of values.entries()) {
    flipped.values[(index % columns) * rows + Math.floor(index / columns)] = value;
  }
  return flipped;
}

describe("matrices", () => {
  test("a known product", () => {
    const a = createMatrix(2, 2, Float64Array.of(1, 2, 3, 4));
    const b = createMatrix(2, 3, Float64Array.of(5, 6, 7, 8, 9, 10));
    expect(Array.from(product(a, b).values)).toEqual([21, 24, 27, 47, 54, 61]);
  });

  test("the products with a transposed side are those with the side turned by hand", () => {
    const a = randomMatrix(4, 3);
    const b = randomMatrix(4, 5);
    const c = randomMatrix(6, 3);
    for (const [quick, plain] of [
      [transposedProduct(a, b), product(transposed(a), b)],
      [productTransposed(a, c), product(a, transposed(c))],
    ] as const) {
      expect([quick.rows, quick.columns]).toEqual([plain.rows, plain.columns]);
      for (const [index, value] of plain.values.entries()) expect(quick.values[index]).toBeCloseTo(value, 14);
    }
  });
});

describe.each([
  ["without a hidden layer", [5, 4]],
  ["with one hidden layer", [5, 7, 4]],
  ["with two hidden layers", [5, 6, 3, 4]],
])("a network %s", (_, sizes) => {
  const network = createNetwork(sizes, createRandom(9));
  for (const [index, value] of network.parameters.entries())
    network.parameters[index] = value + 0.1 * random();
  const batch = { input: randomMatrix(8, 5), labels: Uint8Array.of(0, 1, 2, 3, 3, 1, 0, 2), decay: 0.05 };

  test("has the gradient that finite differences give", () => {
    const { gradient } = lossAndGradient(network, batch);
    const step = 1e-5;
    for (const [index, slope] of gradient.entries()) {
      const lossAt = (offset: number) => {
        const parameters = network.parameters.slice();
        parameters[index] = (parameters[index] ?? 0) + offset;
        return lossAndGradient({ sizes, parameters }, batch).loss;
      };
      expect(slope).toBeCloseTo((lossAt(step) - lossAt(-step)) / (2 * step), 8);
    }
  });

  test("gives probabilities that sum to 1", () => {
    const { rows, columns, values } = predict(network, batch.input);
    expect([rows, columns]).toEqual([8, 4]);
    for (let row = 0; row < rows; row += 1) {
      const sum = values.subarray(row * columns, (row + 1) * columns).reduce((a, b) => a + b);
      expect(sum).toBeCloseTo(1, 14);
    }
  });
});

test("the softmax holds out against huge scores", () => {
  const network = { sizes: [1, 2], parameters: Float64Array.of(5_000, -5_000, 0, 0) };
  expect(Array.from(predict(network, createMatrix(1, 1, Float64Array.of(1))).values)).toEqual([1, 0]);
});

test("the first step of Adam has the size of the learning rate, whatever the gradient's", () => {
  const parameters = Float64Array.of(1, 1);
  createAdam(2, 0.1)(parameters, Float64Array.of(1e-3, -40));
  expect(parameters[0]).toBeCloseTo(0.9, 5);
  expect(parameters[1]).toBeCloseTo(1.1, 5);
});

test("Adam finds the bottom of a bowl", () => {
  const parameters = Float64Array.of(3, -2);
  const descend = createAdam(2, 0.05);
  for (let step = 0; step < 1_000; step += 1) {
    descend(parameters, Float64Array.of(2 * ((parameters[0] ?? 0) - 1), 20 * (parameters[1] ?? 0)));
  }
  expect(parameters[0]).toBeCloseTo(1, 3);
  expect(parameters[1]).toBeCloseTo(0, 3);
});

test("scaling brings every column to mean 0 and all together to standard deviation 1", () => {
  const data = createMatrix(3, 2, Float64Array.of(1, 5, 2, 5, 6, 5));
  const { values } = applyScaler(fitScaler(data), data);
  expect((values[0] ?? 0) + (values[2] ?? 0) + (values[4] ?? 0)).toBeCloseTo(0, 14);
  expect([values[1], values[3], values[5]]).toEqual([0, 0, 0]);
  expect(values.reduce((sum, value) => sum + value * value, 0) / 6).toBeCloseTo(1, 14);
});

test("shuffling keeps every number, and the seed decides on the order", () => {
  const order = shuffled(100, createRandom(1));
  expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index));
  expect(shuffled(100, createRandom(1))).toEqual(order);
  expect(shuffled(100, createRandom(2))).not.toEqual(order);
});
