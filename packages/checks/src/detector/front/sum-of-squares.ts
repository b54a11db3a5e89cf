import { int64 } from "../../nn/layers/int64.ts";
import { int } from "../../onnx/attributes.ts";
import type { GraphBuilder } from "../../onnx/graph-builder.ts";

/** Of each row, [rows, 1]: a product and a sum, which ONNX Runtime computes several times as fast as ReduceSumSquare. */
export function sumOfSquares(graph: GraphBuilder, values: string): string {
  const squares = graph.op("Mul", [values, values]);
  return graph.op("ReduceSum", [squares, graph.constant(int64(1))], { keepdims: int(1) });
}
