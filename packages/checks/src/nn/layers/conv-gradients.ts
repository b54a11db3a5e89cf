import { int, ints } from "../../onnx/attributes.ts";
import type { GraphBuilder } from "../../onnx/graph-builder.ts";
import { int64 } from "./int64.ts";
import type { BackwardInput } from "./layer-rule.ts";

/** One axis of a convolution, in pixels: sides of the images, and zeros around those that come in. */
export interface Axis {
  readonly input: number;
  readonly output: number;
  readonly before: number;
  readonly after: number;
}

/** A convolution of square filters. */
export interface ConvGeometry {
  readonly channels: number;
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  readonly vertical: Axis;
  readonly horizontal: Axis;
}

/** Channels up to which one product over the parts of all places is quicker than a product for each place. */
const fewChannels = 4;

export function convAttributes({ kernel, stride, vertical, horizontal }: ConvGeometry) {
  return {
    kernel_shape: ints(kernel, kernel),
    strides: ints(stride, stride),
    pads: ints(vertical.before, horizontal.before, vertical.after, horizontal.after),
  };
}

/**
 * dx is the transposed convolution of dy (Dumoulin and Visin, A guide to convolution arithmetic, 2016). At stride 1
 * that is a convolution with the filters turned round, which is the quicker form while there are no more filters than
 * channels.
 */
export function inputGradient(
  geometry: ConvGeometry,
  { graph, dy, weights: { weight = "" } }: BackwardInput,
): string {
  const { kernel, stride, vertical, horizontal } = geometry;
  if (stride === 1 && geometry.filters <= geometry.channels) {
    const exchanged = graph.op("Transpose", [weight], { perm: ints(1, 0, 2, 3) });
    const turned = sliced(graph, exchanged, { from: [-1, -1], to: [-kernel - 1, -kernel - 1], step: -1 });
    const { top, left, bottom, right } = turnedPads(geometry);
    return graph.op("Conv", [dy, turned], {
      kernel_shape: ints(kernel, kernel),
      pads: ints(top, left, bottom, right),
    });
  }
  const missing = [vertical, horizontal].map(
    ({ input, output, before, after }) => input - ((output - 1) * stride + kernel - before - after),
  );
  return graph.op("ConvTranspose", [dy, weight], {
    ...convAttributes(geometry),
    output_padding: ints(...missing),
  });
}

/**
 * dW of one place in the filters, (i, j): Σ dy[y, x] · x[stride·y + i − before, stride·x + j − before] over rows and
 * pixels, which is a product of dy with the part of x that the place meets. At stride 1 the parts may be cut out of dy
 * in place of x; they are cut out of what has fewer channels, as a part is a copy.
 */
export function weightGradient(geometry: ConvGeometry, { graph, x, dy }: BackwardInput): string {
  const { channels, filters, kernel, stride, vertical, horizontal } = geometry;
  const cutsDy = stride === 1 && filters < channels;
  const [high, wide] = cutsDy ? [vertical.input, horizontal.input] : [vertical.output, horizontal.output];
  const [own, cutChannels] = cutsDy ? [channels, filters] : [filters, channels];
  const padded = cutsDy
    ? framed(graph, dy, turnedPads(geometry))
    : framed(graph, x, {
        top: vertical.before,
        left: horizontal.before,
        bottom: vertical.after,
        right: horizontal.after,
      });
  const parts = Array.from({ length: kernel ** 2 }, (_, place) => {
    const [i, j] = [Math.floor(place / kernel), place % kernel];
    const [top, left] = cutsDy ? [kernel - 1 - i, kernel - 1 - j] : [i, j];
    const to = [top + (high - 1) * stride + 1, left + (wide - 1) * stride + 1];
    return sliced(graph, padded, { from: [top, left], to, step: stride });
  });
  const flat = (images: string, count: number) =>
    graph.op("Reshape", [images, graph.constant(int64(-1, count, high * wide))]);
  const whole = flat(cutsDy ? x : dy, own);
  const product = (part: string, count: number) => {
    const across = graph.op("Transpose", [flat(part, count)], { perm: ints(0, 2, 1) });
    return graph.op("ReduceSum", [graph.op("MatMul", [whole, across]), graph.constant(int64(0))], {
      keepdims: int(0),
    });
  };
  const joined = (all: readonly string[]) => graph.op("Concat", all, { axis: int(1) });
  const found =
    cutChannels <= fewChannels
      ? product(joined(parts), cutChannels * parts.length)
      : joined(parts.map((part) => product(part, cutChannels)));
  const apart = graph.op("Reshape", [found, graph.constant(int64(own, kernel, kernel, cutChannels))]);
  return graph.op("Transpose", [apart], { perm: cutsDy ? ints(3, 0, 1, 2) : ints(0, 3, 1, 2) });
}

interface Frame {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** Zeros around dy, so that filters turned round meet each pixel of x where x met theirs. */
function turnedPads({ kernel, vertical, horizontal }: ConvGeometry): Frame {
  return {
    top: kernel - 1 - vertical.before,
    left: kernel - 1 - horizontal.before,
    bottom: kernel - 1 - vertical.after,
    right: kernel - 1 - horizontal.after,
  };
}

function framed(graph: GraphBuilder, images: string, { top, left, bottom, right }: Frame): string {
  if (Math.max(top, left, bottom, right) === 0) return images;
  return graph.op("Pad", [images, graph.constant(int64(0, 0, top, left, 0, 0, bottom, right))]);
}

/** Every `step`th pixel from one place up to before another. */
function sliced(
  graph: GraphBuilder,
  images: string,
  {
    from,
    to,
    step,
  }: { readonly from: readonly number[]; readonly to: readonly number[]; readonly step: number },
): string {
  const vectors = [from, to, [2, 3], [step, step]].map((values) => graph.constant(int64(...values)));
  return graph.op("Slice", [images, ...vectors]);
}
