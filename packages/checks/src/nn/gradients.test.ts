import { describe, expect, test } from "vitest";
import { createGraph, modelOf } from "../onnx/graph-builder.ts";
import { writeOnnx } from "../onnx/write-model.ts";
import { createRandom } from "../random/random.ts";
import { applyNetwork } from "./apply-network.ts";
import { initialWeights } from "./initial-weights.ts";
import { outputShape } from "./layers/layer-rules.ts";
import { applyLoss, type Loss, meanOver } from "./losses.ts";
import type { Layer, Network } from "./network.ts";
import { runtime } from "./nn.support.ts";
import { gradients } from "./training-step.ts";

const rows = 3;
/** Small enough that few values cross the kink of a ReLU, large enough for the loss in single precision. */
const nudge = 0.001;
const image = [2, 7, 6];
/** A layer before the one in question, so that its gradient by its input is asked for as well. */
const before: Layer = { kind: "conv", filters: 3, kernel: 3 };
const flat: Layer = { kind: "reshape", shape: [3 * 7 * 6] };

const cases: readonly (readonly [string, readonly Layer[], Loss])[] = [
  ["dense", [before, flat, { kind: "dense", units: 5 }], "squared"],
  ["convolution", [before, { kind: "conv", filters: 4, kernel: 3 }], "squared"],
  ["convolution, stride 2", [before, { kind: "conv", filters: 2, kernel: 3, stride: 2 }], "squared"],
  ["convolution, stride 3", [before, { kind: "conv", filters: 2, kernel: 4, stride: 3 }], "squared"],
  [
    "convolution of single pixels, stride 2",
    [before, { kind: "conv", filters: 2, kernel: 1, stride: 2 }],
    "squared",
  ],
  [
    "convolution without padding",
    [before, { kind: "conv", filters: 2, kernel: 3, padding: "valid" }],
    "squared",
  ],
  [
    "convolution without padding, stride 2, pixels left over",
    [before, { kind: "conv", filters: 2, kernel: 4, stride: 2, padding: "valid" }],
    "squared",
  ],
  ["convolution of an even side", [before, { kind: "conv", filters: 2, kernel: 4 }], "squared"],
  [
    "convolution of more channels than filters",
    [before, { kind: "conv", filters: 6, kernel: 3 }, { kind: "conv", filters: 5, kernel: 3 }],
    "squared",
  ],
  [
    "convolution of many channels, stride 2",
    [before, { kind: "conv", filters: 5, kernel: 3 }, { kind: "conv", filters: 6, kernel: 4, stride: 2 }],
    "squared",
  ],
  ["upsampling", [before, { kind: "upsample", scale: 2 }], "squared"],
  ["largest of four", [before, { kind: "max-pool", size: 2 }], "squared"],
  ["largest of a window that does not fit", [before, { kind: "max-pool", size: 4 }], "squared"],
  ["mean of four", [before, { kind: "average-pool", size: 2 }], "squared"],
  ["mean of a window that does not fit", [before, { kind: "average-pool", size: 4 }], "squared"],
  ["ReLU", [before, { kind: "relu" }], "squared"],
  ["leaky ReLU", [before, { kind: "leaky-relu" }], "squared"],
  ["sigmoid", [before, { kind: "sigmoid" }], "squared"],
  ["tanh", [before, { kind: "tanh" }], "squared"],
  ["binary cross entropy", [before, flat, { kind: "dense", units: 4 }], "logistic"],
  ["softmax cross entropy", [before, flat, { kind: "dense", units: 4 }], "softmax"],
];

describe("a gradient is what finite differences say", () => {
  test.each(cases)("%s", async (_, layers, loss) => {
    const network: Network = { input: image, layers };
    const random = createRandom(3, "case");
    const draw = (size: number) => Float32Array.from({ length: size }, () => 2 * random.uniform() - 1);
    const shape = outputShape(network);
    const size = shape.reduce((product, length) => product * length, 1);
    const x = { shape: [rows, ...image], values: draw(rows * 84) };
    const target = { shape: [rows, ...shape], values: draw(rows * size).map(Math.abs) };
    if (loss === "softmax")
      for (let row = 0; row < rows; row += 1) toShares(target.values.subarray(row * 4, row * 4 + 4));
    const weights = initialWeights(network, 1);
    for (const [name, { values }] of Object.entries(weights)) {
      if (name.endsWith("bias")) values.set(draw(values.length).map((value) => value / 4));
    }

    const graph = createGraph();
    graph.input("x", ["rows", ...image]);
    graph.input("target", ["rows", ...shape]);
    for (const [name, weight] of Object.entries(weights)) graph.input(name, weight.shape);
    const applied = applyNetwork(graph, network, { x: "x", nameOf: (name) => name });
    const share = graph.scalar(1 / meanOver(loss, rows, size));
    const { value, dy } = applyLoss(loss, { graph, y: applied.at(-1)?.y ?? "", target: "target", share });
    graph.output("loss", value, []);
    for (const [name, gradient] of gradients(graph, applied, dy)) graph.output(`d ${name}`, gradient, null);
    const session = await runtime.open(writeOnnx(modelOf(graph.finish("case"))));
    await session.keep({ x, target, ...weights });
    const [answer] = await session.run([{}]);

    for (const [name, { shape: own, values }] of Object.entries(weights)) {
      const gradient = answer?.[`d ${name}`]?.values ?? new Float32Array(0);
      expect(largest(gradient)).toBeGreaterThan(1e-3);
      expect(gradient).toHaveLength(values.length);
      const places = Array.from({ length: 12 }, () => random.below(values.length));
      const nudged = places.flatMap((place) =>
        [nudge, -nudge].map((by) => ({
          [name]: { shape: own, values: values.with(place, (values[place] ?? 0) + by) },
        })),
      );
      const losses = (await session.run(nudged, { outputs: ["loss"] })).map((one) =>
        Number(one.loss?.values[0]),
      );
      for (const [at, place] of places.entries()) {
        const slope = ((losses[2 * at] ?? 0) - (losses[2 * at + 1] ?? 0)) / (2 * nudge);
        expect(Math.abs(slope - Number(gradient[place])), `${name}[${place}]`).toBeLessThan(
          0.02 * largest(gradient) + 1e-4,
        );
      }
    }
    await session.close();
  });
});

function largest(values: Iterable<number | bigint>): number {
  return Math.max(...Array.from(values, (value) => Math.abs(Number(value))));
}

function toShares(values: Float32Array): void {
  const sum = values.reduce((all, value) => all + value, 0);
  for (const [at, value] of values.entries()) values[at] = value / sum;
}
