import { int, ints } from "../../onnx/attributes.ts";
import type { ConvLayer } from "../network.ts";
import { int64 } from "./int64.ts";
import type { BackwardInput, LayerRule } from "./layer-rule.ts";

/** One axis of a convolution, in pixels. */
interface Axis {
  readonly input: number;
  readonly output: number;
  readonly before: number;
  readonly after: number;
}

/**
 * dx is the transposed convolution of dy with the same filters. dW is the convolution of x with dy as its filters,
 * rows and channels exchanged, and the stride become a dilation (Dumoulin and Visin, A guide to convolution
 * arithmetic, 2016).
 */
export function convRule(
  layer: ConvLayer,
  [channels = 1, height = 1, width = 1]: readonly number[],
): LayerRule {
  const { filters, kernel, stride = 1 } = layer;
  const axes = [height, width].map((length) => axisOf(layer, length));
  const [vertical, horizontal] = axes as [Axis, Axis];
  const geometry = {
    kernel_shape: ints(kernel, kernel),
    strides: ints(stride, stride),
    pads: ints(vertical.before, horizontal.before, vertical.after, horizontal.after),
  };

  function inputGradient({ graph, dy, weights: { weight = "" } }: BackwardInput): string {
    const missing = axes.map(
      ({ input, output, before, after }) => input - ((output - 1) * stride + kernel - before - after),
    );
    return graph.op("ConvTranspose", [dy, weight], { ...geometry, output_padding: ints(...missing) });
  }

  function weightGradient({ graph, x, dy }: BackwardInput): string {
    const exchange = { perm: ints(1, 0, 2, 3) };
    const ends = axes.map(({ input, output, before }) => (output - 1) * stride + kernel - input - before);
    const [bottom = 0, right = 0] = ends.map((end) => Math.max(0, end));
    const found = graph.op(
      "Conv",
      [graph.op("Transpose", [x], exchange), graph.op("Transpose", [dy], exchange)],
      {
        dilations: ints(stride, stride),
        pads: ints(vertical.before, horizontal.before, bottom, right),
      },
    );
    const cropped = ends.some((end) => end < 0)
      ? graph.op("Slice", [
          found,
          graph.constant(int64(0, 0)),
          graph.constant(int64(kernel, kernel)),
          graph.constant(int64(2, 3)),
        ])
      : found;
    return graph.op("Transpose", [cropped], exchange);
  }

  return {
    output: [filters, vertical.output, horizontal.output],
    weights: [
      {
        name: "weight",
        shape: [filters, channels, kernel, kernel],
        fanIn: channels * kernel ** 2,
        fanOut: filters * kernel ** 2,
      },
      { name: "bias", shape: [filters], fanIn: 0, fanOut: 0 },
    ],
    forward: ({ graph, x, weights: { weight = "", bias = "" } }) => ({
      y: graph.op("Conv", [x, weight, bias], geometry),
    }),
    backward: (input) => ({
      dx: input.wantsDx ? inputGradient(input) : "",
      weights: {
        weight: weightGradient(input),
        bias: input.graph.op("ReduceSum", [input.dy, input.graph.constant(int64(0, 2, 3))], {
          keepdims: int(0),
        }),
      },
    }),
  };
}

function axisOf({ kernel, stride = 1, padding = "same" }: ConvLayer, input: number): Axis {
  if (padding === "valid") {
    return { input, output: Math.floor((input - kernel) / stride) + 1, before: 0, after: 0 };
  }
  const output = Math.ceil(input / stride);
  const total = Math.max(0, (output - 1) * stride + kernel - input);
  return { input, output, before: total >> 1, after: total - (total >> 1) };
}
