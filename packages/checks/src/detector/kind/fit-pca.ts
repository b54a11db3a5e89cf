import { int } from "../../onnx/attributes.ts";
import { createGraph, modelOf } from "../../onnx/graph-builder.ts";
import { writeOnnx } from "../../onnx/write-model.ts";
import { normal } from "../../random/normal.ts";
import { createRandom } from "../../random/random.ts";
import { columnMoments } from "../front/moments.ts";
import { residualView } from "./residual-view.ts";
import type { Sight, SightInput } from "./sight.ts";

/** Rounds of the iteration: the subspace of well separated components is found long before. */
const rounds = 40;

/**
 * The first principal components, found by orthogonal iteration (Golub and Van Loan, Matrix Computations, 8.2.4); a row
 * is unusual as far as they cannot restore it.
 */
export async function fitPca(input: SightInput): Promise<Sight> {
  const { rows, runtime, seed, signal } = input;
  const size = rows.values.length / rows.rows;
  const components = Math.max(1, Math.min(32, Math.ceil(size / 4), rows.rows - 1));
  const mean = Float32Array.from(columnMoments(rows).mean);
  const graph = createGraph();
  const centred = graph.op("Sub", [graph.input("rows", ["rows", size]), graph.constant(mean)]);
  const basis = graph.input("basis", [size, components]);
  const product = graph.op("Gemm", [centred, graph.op("MatMul", [centred, basis])], { transA: int(1) });
  graph.output("product", product, [size, components]);
  const session = await runtime.open(writeOnnx(modelOf(graph.finish("components"))));
  await session.keep({ rows: { shape: [rows.rows, size], values: rows.values } });
  const random = createRandom(seed, "components");
  let found = orthonormal(
    Float32Array.from({ length: size * components }, () => normal(random)),
    size,
    components,
  );
  try {
    for (let round = 0; round < rounds; round += 1) {
      signal?.throwIfAborted();
      const [answer] = await session.run([{ basis: { shape: [size, components], values: found } }]);
      found = orthonormal(answer?.product?.values as Float32Array, size, components);
    }
  } finally {
    await session.close();
  }
  return {
    latentSize: components,
    apply(graph, z) {
      const offset = graph.op("Sub", [z, graph.constant(mean)]);
      const axes = graph.constant(found, [size, components]);
      const latent = graph.op("MatMul", [offset, axes]);
      const back = graph.op("Gemm", [latent, axes, graph.constant(mean)], { transB: int(1) });
      return { latent, restored: back, views: [{ name: "residual", value: residualView(graph, z, back) }] };
    },
  };
}

/** Gram–Schmidt, twice for accuracy; a column that is nothing beside the ones before becomes 0. */
function orthonormal(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = Float64Array.from(matrix);
  for (let column = 0; column < columns; column += 1) {
    for (let pass = 0; pass < 2; pass += 1) {
      for (let before = 0; before < column; before += 1) {
        let product = 0;
        for (let row = 0; row < rows; row += 1) {
          product += (result[row * columns + column] as number) * (result[row * columns + before] as number);
        }
        for (let row = 0; row < rows; row += 1) {
          const at = row * columns + column;
          result[at] = (result[at] as number) - product * (result[row * columns + before] as number);
        }
      }
    }
    let square = 0;
    for (let row = 0; row < rows; row += 1) square += (result[row * columns + column] as number) ** 2;
    const length = Math.sqrt(square);
    for (let row = 0; row < rows; row += 1) {
      const at = row * columns + column;
      result[at] = length > 1e-12 ? (result[at] as number) / length : 0;
    }
  }
  return Float32Array.from(result);
}
