import { int } from "../../onnx/attributes.ts";
import type { DenseLayer } from "../network.ts";
import { int64 } from "./int64.ts";
import type { LayerRule } from "./layer-rule.ts";

/** y = x·W + b, so dW = xᵀ·dy, db = Σ dy, dx = dy·Wᵀ. */
export function denseRule({ units }: DenseLayer, [width = 1]: readonly number[]): LayerRule {
  return {
    output: [units],
    weights: [
      { name: "weight", shape: [width, units], fanIn: width, fanOut: units },
      { name: "bias", shape: [units], fanIn: 0, fanOut: 0 },
    ],
    forward: ({ graph, x, weights: { weight = "", bias = "" } }) => ({
      y: graph.op("Gemm", [x, weight, bias]),
    }),
    backward: ({ graph, x, dy, weights: { weight = "" }, wantsDx }) => ({
      dx: wantsDx ? graph.op("Gemm", [dy, weight], { transB: int(1) }) : "",
      weights: {
        weight: graph.op("Gemm", [x, dy], { transA: int(1) }),
        bias: graph.op("ReduceSum", [dy, graph.constant(int64(0))], { keepdims: int(0) }),
      },
    }),
  };
}
