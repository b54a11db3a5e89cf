import { int, ints, string } from "../../onnx/attributes.ts";
import type { PoolLayer, UpsampleLayer } from "../network.ts";
import { int64 } from "./int64.ts";
import type { LayerRule } from "./layer-rule.ts";

/** Nearest neighbour; what a pixel became sends its gradients back to it, summed. */
export function upsampleRule(
  { scale }: UpsampleLayer,
  [channels = 1, height = 1, width = 1]: readonly number[],
): LayerRule {
  const square = { kernel_shape: ints(scale, scale), strides: ints(scale, scale) };
  return {
    output: [channels, height * scale, width * scale],
    weights: [],
    forward: ({ graph, x }) => ({
      y: graph.op("Resize", [x, "", graph.constant(Float32Array.of(1, 1, scale, scale))], {
        mode: string("nearest"),
        coordinate_transformation_mode: string("asymmetric"),
        nearest_mode: string("floor"),
      }),
    }),
    backward: ({ graph, dy, wantsDx }) => ({
      dx: wantsDx ? graph.op("Mul", [graph.op("AveragePool", [dy], square), graph.scalar(scale ** 2)]) : "",
      weights: {},
    }),
  };
}

/**
 * Windows do not overlap, so each result has its own pixels: the largest takes the whole gradient (the first one of
 * several, as in PyTorch), or all take an equal part.
 */
export function poolRule(
  { kind, size }: PoolLayer,
  [channels = 1, height = 1, width = 1]: readonly number[],
): LayerRule {
  const [high, wide] = [Math.ceil(height / size), Math.ceil(width / size)];
  const [below, right] = [high * size - height, wide * size - width];
  const square = {
    kernel_shape: ints(size, size),
    strides: ints(size, size),
    pads: ints(0, 0, below, right),
  };
  if (kind === "max-pool") {
    return {
      output: [channels, high, wide],
      weights: [],
      forward: ({ graph, x }) => {
        const [y = "", places = ""] = graph.ops("MaxPool", [x], { outputs: 2, attributes: square });
        return { y, kept: [places] };
      },
      backward: ({ graph, x, dy, kept: [places = ""], wantsDx }) => {
        if (!wantsDx) return { dx: "", weights: {} };
        const shape = graph.op("Shape", [x]);
        const all = graph.op("ReduceProd", [shape], { keepdims: int(1) });
        const flat = graph.constant(int64(-1));
        const scattered = graph.op(
          "ScatterElements",
          [
            graph.op("ConstantOfShape", [all]),
            graph.op("Reshape", [places, flat]),
            graph.op("Reshape", [dy, flat]),
          ],
          { axis: int(0) },
        );
        return { dx: graph.op("Reshape", [scattered, shape]), weights: {} };
      },
    };
  }
  const counted = { ...square, count_include_pad: int(0) };
  const shares = Float32Array.from({ length: high * wide }, (_, at) => {
    const inRow = Math.min(size, height - Math.floor(at / wide) * size);
    return 1 / (inRow * Math.min(size, width - (at % wide) * size));
  });
  return {
    output: [channels, high, wide],
    weights: [],
    forward: ({ graph, x }) => ({ y: graph.op("AveragePool", [x], counted) }),
    backward: ({ graph, dy, wantsDx }) => {
      if (!wantsDx) return { dx: "", weights: {} };
      const shared = graph.op("Mul", [dy, graph.constant(shares, [high, wide])]);
      const { y } = upsampleRule({ kind: "upsample", scale: size }, [channels, high, wide]).forward({
        graph,
        x: shared,
        weights: {},
      });
      const dx = graph.op("Slice", [
        y,
        graph.constant(int64(0, 0)),
        graph.constant(int64(height, width)),
        graph.constant(int64(2, 3)),
      ]);
      return { dx, weights: {} };
    },
  };
}
