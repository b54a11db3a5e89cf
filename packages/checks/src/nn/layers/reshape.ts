import type { ReshapeLayer } from "../network.ts";
import { int64 } from "./int64.ts";
import type { LayerRule } from "./layer-rule.ts";

export function reshapeRule({ shape }: ReshapeLayer, input: readonly number[]): LayerRule {
  return {
    output: shape,
    weights: [],
    forward: ({ graph, x }) => ({ y: graph.op("Reshape", [x, graph.constant(int64(-1, ...shape))]) }),
    backward: ({ graph, dy, wantsDx }) => ({
      dx: wantsDx ? graph.op("Reshape", [dy, graph.constant(int64(-1, ...input))]) : "",
      weights: {},
    }),
  };
}
