import { int, ints } from "../../onnx/attributes.ts";
import type { GraphBuilder } from "../../onnx/graph-builder.ts";

/** What values of held-out reference rows say about how unusual a value is. */
export interface Calibration {
  /** Sorted. */
  readonly knots: Float32Array;
  /** Where the tail begins, and the share of reference rows in it. */
  readonly tail: number;
  readonly share: number;
  /** Mean excess over it. */
  readonly excess: number;
}

/** Values that a tail is fitted to, where there are enough for it to begin beyond the usual threshold of 0.95. */
const tailValues = 25;
/** Values that are kept: more would tell the share below a value more exactly than anyone needs. */
const mostKnots = 2000;

/**
 * The share below a value is counted among held-out rows; beyond their 0.975 quantile (0.9 when they are few) an
 * exponential tail goes on with the mean excess (a generalised Pareto tail of shape 0; Coles, An Introduction to
 * Statistical Modeling of Extreme Values, 2001, ch. 4), so that a value beyond all that was seen has a rank as well.
 */
export function calibrate(values: Float64Array): Calibration {
  const sorted = values.toSorted();
  const wanted = Math.min(0.1, Math.max(0.025, tailValues / sorted.length));
  const start = Math.min(sorted.length - 1, Math.floor((1 - wanted) * sorted.length));
  const tail = sorted[start] ?? 0;
  const beyond = sorted.subarray(start + 1);
  const excess = beyond.reduce((sum, value) => sum + value - tail, 0) / Math.max(1, beyond.length);
  const wide = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
  const share = (sorted.length - start) / (sorted.length + 1);
  return { knots: thinned(sorted), tail, share, excess: Math.max(excess, 1e-3 * wide, 1e-6) };
}

function thinned(sorted: Float64Array): Float32Array {
  const count = Math.min(mostKnots, sorted.length);
  return Float32Array.from(
    { length: count },
    (_, at) => sorted[Math.floor(((at + 0.5) / count) * sorted.length)] ?? 0,
  );
}

/** −ln of the share of reference rows that are as unusual or more. @param value of shape [rows, 1] */
export function surpriseOf(
  graph: GraphBuilder,
  value: string,
  { knots, tail, share, excess }: Calibration,
): string {
  const below = graph.op("Cast", [graph.op("Less", [graph.constant(knots), value])], { to: int(1) });
  const count = graph.op("ReduceSum", [below, graph.constant(BigInt64Array.of(1n))], { keepdims: int(1) });
  const rest = graph.op("Sub", [graph.scalar(1), graph.op("Div", [count, graph.scalar(knots.length + 1)])]);
  const counted = graph.op("Neg", [graph.op("Log", [rest])]);
  const beyond = graph.op("Div", [graph.op("Sub", [value, graph.scalar(tail)]), graph.scalar(excess)]);
  const extended = graph.op("Add", [beyond, graph.scalar(-Math.log(share))]);
  const known = graph.op("Where", [graph.op("Greater", [value, graph.scalar(tail)]), extended, counted]);
  return graph.op("Where", [graph.op("IsNaN", [value]), value, known]);
}

/**
 * Several surprises as one: ln of the mean of their exponentials, which is the harmonic mean of the p values and holds
 * up when they depend on each other (Wilson, PNAS 2019).
 */
export function combined(graph: GraphBuilder, surprises: readonly string[]): string {
  if (surprises.length === 1) return surprises[0] ?? "";
  const all = graph.op("Concat", surprises, { axis: int(1) });
  const largest = graph.op("ReduceMax", [all], { axes: ints(1), keepdims: int(1) });
  const shares = graph.op("Exp", [graph.op("Sub", [all, largest])]);
  const mean = graph.op("ReduceMean", [shares], { axes: ints(1), keepdims: int(1) });
  return graph.op("Add", [largest, graph.op("Log", [mean])]);
}
