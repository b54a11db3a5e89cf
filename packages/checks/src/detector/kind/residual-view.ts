import { int, ints } from "../../onnx/attributes.ts";
import type { GraphBuilder } from "../../onnx/graph-builder.ts";

/** Log of the mean squared error of a restored row. */
export function residualView(graph: GraphBuilder, z: string, restored: string): string {
  const error = graph.op("Sub", [restored, z]);
  const mean = graph.op("ReduceMean", [graph.op("Mul", [error, error])], { axes: ints(1), keepdims: int(1) });
  return graph.op("Log", [graph.op("Add", [mean, graph.scalar(1e-9)])]);
}
