import { int } from "../../onnx/attributes.ts";
import type { ConvLayer } from "../network.ts";
import { type Axis, convAttributes, inputGradient, weightGradient } from "./conv-gradients.ts";
import { int64 } from "./int64.ts";
import type { LayerRule } from "./layer-rule.ts";

/** Slides filters over images; `conv-gradients.ts` has the way back. */
export function convRule(
  layer: ConvLayer,
  [channels = 1, height = 1, width = 1]: readonly number[],
): LayerRule {
  const { filters, kernel, stride = 1 } = layer;
  const [vertical, horizontal] = [axisOf(layer, height), axisOf(layer, width)];
  const geometry = { channels, filters, kernel, stride, vertical, horizontal };
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
      y: graph.op("Conv", [x, weight, bias], convAttributes(geometry)),
    }),
    backward: (input) => ({
      dx: input.wantsDx ? inputGradient(geometry, input) : "",
      weights: {
        weight: weightGradient(geometry, input),
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
