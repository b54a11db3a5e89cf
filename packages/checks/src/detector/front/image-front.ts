import { tensorSize } from "../../batch/tensor-size.ts";
import { int64 } from "../../nn/layers/int64.ts";
import { int, ints } from "../../onnx/attributes.ts";
import { createGraph, type GraphBuilder } from "../../onnx/graph-builder.ts";
import type { OnnxRuntime } from "../../onnx/runtime.ts";
import { type RowBlock, runGraph } from "../run-rows.ts";
import type { Front } from "./front.ts";
import { columnMoments, whitening } from "./moments.ts";
import { sumOfSquares } from "./sum-of-squares.ts";

/** What the reference says of images, so that small ones do not divide by nothing. */
interface Floors {
  /** Mean energy (sum of squares) of an image, and of its detail. */
  readonly energy: number;
  readonly detail: number;
}

/**
 * Images: a light blur (σ is 1/28 of the longer side), then each image divided by its own energy. What is left is the
 * shape of what is seen, whatever the exposure and the noise; these two go into a view of their own, `contrast`: the
 * Mahalanobis distance of log energy, log share of detail and mean brightness.
 */
export async function fitImageFront(
  runtime: OnnxRuntime,
  reference: RowBlock,
  image: readonly number[],
): Promise<Front> {
  const size = tensorSize(image);
  const floors = await measureFloors(runtime, reference, image);
  const graph = createGraph();
  const parts = looks(graph, graph.input("x", ["rows", size]), { image, floors });
  graph.output("shape", parts.shape, ["rows", size]);
  graph.output("contrast", parts.contrast, ["rows", 3]);
  const measured = await runGraph(runtime, graph, { rows: reference, outputs: ["shape", "contrast"] });
  const shapes = columnMoments(measured.get("shape") ?? reference);
  const spread = Math.sqrt(shapes.variance.reduce((sum, value) => sum + value, 0) / size) || 1;
  const contrast = measured.get("contrast") ?? reference;
  const { mean } = columnMoments(contrast);
  const white = whitening(contrast, mean);
  return {
    size,
    width: size,
    image,
    features: [],
    apply(graph, x) {
      const { shape, contrast } = looks(graph, x, { image, floors });
      const centred = graph.op("Sub", [shape, graph.constant(Float32Array.from(shapes.mean))]);
      const z = graph.op("Mul", [centred, graph.scalar(1 / spread)]);
      const offset = graph.op("Sub", [contrast, graph.constant(Float32Array.from(mean))]);
      const apart = graph.op("Gemm", [offset, graph.constant(Float32Array.from(white), [3, 3])], {
        transB: int(1),
      });
      const distance = graph.op("ReduceL2", [apart], { axes: ints(1), keepdims: int(1) });
      return { z, views: [{ name: "contrast", value: distance }] };
    },
  };
}

interface Looks {
  readonly image: readonly number[];
  readonly floors: Floors;
}

function looks(
  graph: GraphBuilder,
  x: string,
  { image, floors }: Looks,
): { shape: string; contrast: string } {
  const { blurred, energy, detail } = energies(graph, x, image);
  const own = sumOfSquares(graph, blurred);
  const norm = graph.op("Sqrt", [graph.op("Add", [own, graph.scalar(1e-6 * floors.energy)])]);
  const floored = graph.op("Add", [energy, graph.scalar(1e-4 * floors.energy)]);
  const share = graph.op("Div", [graph.op("Add", [detail, graph.scalar(1e-3 * floors.detail)]), floored]);
  const size = tensorSize(image);
  const sum = graph.op("ReduceSum", [x, graph.constant(int64(1))], { keepdims: int(1) });
  const brightness = graph.op("Div", [
    graph.op("Mul", [sum, graph.scalar(1 / Math.sqrt(size))]),
    graph.op("Sqrt", [floored]),
  ]);
  return {
    shape: graph.op("Div", [blurred, norm]),
    contrast: graph.op(
      "Concat",
      [graph.op("Log", [floored]), graph.op("Log", [share]), graph.op("Mul", [brightness, graph.scalar(4)])],
      { axis: int(1) },
    ),
  };
}

function energies(graph: GraphBuilder, x: string, image: readonly number[]) {
  const blurred = blur(graph, x, image);
  return {
    blurred,
    energy: sumOfSquares(graph, x),
    detail: sumOfSquares(graph, graph.op("Sub", [x, blurred])),
  };
}

async function measureFloors(
  runtime: OnnxRuntime,
  reference: RowBlock,
  image: readonly number[],
): Promise<Floors> {
  const graph = createGraph();
  const { energy, detail } = energies(
    graph,
    graph.input("x", ["rows", reference.values.length / reference.rows]),
    image,
  );
  graph.output("energy", energy, ["rows", 1]);
  graph.output("detail", detail, ["rows", 1]);
  const measured = await runGraph(runtime, graph, { rows: reference, outputs: ["energy", "detail"] });
  const mean = (name: string) => columnMoments(measured.get(name) ?? reference).mean[0] || 1;
  return { energy: mean("energy"), detail: mean("detail") };
}

/**
 * A Gaussian blur with zeros around, one axis after the other, each channel alone: products with a band matrix, which
 * take a third of the time of convolutions of one channel.
 */
function blur(graph: GraphBuilder, x: string, image: readonly number[]): string {
  const [height = 1, width = 1] = image.slice(-2);
  const sigma = Math.max(height, width) / 28;
  const band = (side: number) => graph.constant(bellBand(side, sigma), [side, side]);
  const single = graph.op("Reshape", [x, graph.constant(int64(-1, height, width))]);
  const across = graph.op("MatMul", [single, band(width)]);
  const down = graph.op("MatMul", [band(height), across]);
  return graph.op("Reshape", [down, graph.constant(int64(-1, tensorSize(image)))]);
}

/** Row by row, what each pixel of a line takes from each other: a bell up to three σ away, of sum 1 where all is inside. */
function bellBand(side: number, sigma: number): Float32Array {
  const radius = Math.max(1, Math.ceil(3 * sigma));
  const bell = Array.from({ length: 2 * radius + 1 }, (_, at) =>
    Math.exp(-((at - radius) ** 2) / (2 * sigma ** 2)),
  );
  const total = bell.reduce((sum, value) => sum + value, 0);
  return Float32Array.from({ length: side * side }, (_, at) => {
    const apart = Math.floor(at / side) - (at % side);
    return (bell[apart + radius] ?? 0) / total;
  });
}
