import { float } from "../../onnx/attributes.ts";
import type { ActivationLayer } from "../network.ts";
import type { BackwardInput, LayerRule } from "./layer-rule.ts";

/** Slope of the leaky ReLU below zero. */
const leak = 0.1;

/** Slopes are found from the result alone, so that a runtime may fuse the activation with the layer before. */
export function activationRule({ kind }: ActivationLayer, input: readonly number[]): LayerRule {
  return {
    output: input,
    weights: [],
    forward: ({ graph, x }) => {
      if (kind === "relu") return { y: graph.op("Relu", [x]) };
      if (kind === "leaky-relu") return { y: graph.op("LeakyRelu", [x], { alpha: float(leak) }) };
      return { y: graph.op(kind === "sigmoid" ? "Sigmoid" : "Tanh", [x]) };
    },
    backward: (input) => ({
      dx: input.wantsDx ? input.graph.op("Mul", [input.dy, slope(kind, input)]) : "",
      weights: {},
    }),
  };
}

function slope(kind: ActivationLayer["kind"], { graph, y }: BackwardInput): string {
  const one = graph.scalar(1);
  switch (kind) {
    case "relu":
      return graph.op("Sign", [y]);
    case "leaky-relu":
      return graph.op("Where", [graph.op("Greater", [y, graph.scalar(0)]), one, graph.scalar(leak)]);
    case "sigmoid":
      return graph.op("Mul", [y, graph.op("Sub", [one, y])]);
    case "tanh":
      return graph.op("Sub", [one, graph.op("Mul", [y, y])]);
  }
}
