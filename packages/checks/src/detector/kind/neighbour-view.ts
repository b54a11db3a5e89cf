import { int64 } from "../../nn/layers/int64.ts";
import { float, int, ints } from "../../onnx/attributes.ts";
import type { GraphBuilder } from "../../onnx/graph-builder.ts";
import { sumOfSquares } from "../front/sum-of-squares.ts";
import type { RowBlock } from "../run-rows.ts";

/** Neighbours whose distances are averaged. */
const neighbours = 5;

/** Vectors that are kept: more tell little more, and each costs time and space. */
export const mostNeighbours = 5000;

/** Log of the mean Euclidean distance to the five nearest of the kept vectors. @param vectors of shape [rows, size] */
export function neighbourView(graph: GraphBuilder, vectors: string, kept: RowBlock): string {
  const size = kept.values.length / kept.rows;
  const lengths = new Float32Array(kept.rows);
  for (let at = 0; at < kept.values.length; at += 1) {
    const row = Math.floor(at / size);
    lengths[row] = (lengths[row] ?? 0) + (kept.values[at] as number) ** 2;
  }
  // A row's own length is the same to all, so it is added to the nearest only.
  const partial = graph.op(
    "Gemm",
    [vectors, graph.constant(kept.values, [kept.rows, size]), graph.constant(lengths)],
    { transB: int(1), alpha: float(-2) },
  );
  const count = graph.constant(int64(Math.min(neighbours, kept.rows)));
  const [nearest = ""] = graph.ops("TopK", [partial, count], {
    outputs: 2,
    attributes: { axis: int(1), largest: int(0), sorted: int(0) },
  });
  const squares = graph.op("Add", [nearest, sumOfSquares(graph, vectors)]);
  const distances = graph.op("Sqrt", [graph.op("Relu", [squares])]);
  const mean = graph.op("ReduceMean", [distances], { axes: ints(1), keepdims: int(1) });
  return graph.op("Log", [graph.op("Add", [mean, graph.scalar(1e-6)])]);
}
