import { int, ints } from "../../onnx/attributes.ts";
import type { GraphBuilder } from "../../onnx/graph-builder.ts";
import { type RowColumn, rowWidth, widthOf } from "../rows/row-columns.ts";
import type { RowBlock } from "../run-rows.ts";
import type { Front } from "./front.ts";
import { columnMoments } from "./moments.ts";

/** A number of a row that becomes one feature, or an indicator of a category or of a missing value. */
interface Feature {
  readonly place: number;
  readonly mean: number;
  readonly spread: number;
}

/** 1 where the number at `place` is `code`, or is missing (null). */
interface Indicator extends Feature {
  readonly code: number | null;
}

/** Features beyond so many standard deviations are as unusual to a network as those at it. */
const farthest = 10;

/**
 * Tables: numbers are standardised (those of a tensor by one spread), and where one is missing it is the mean;
 * categories, and missing values where the reference has some, are indicators. The view `extremes` is the most unusual
 * single value: for it a value missing where none was, an unseen category and a change of a constant column count as
 * well.
 */
export function fitTableFront(reference: RowBlock, columns: readonly RowColumn[]): Front {
  const width = rowWidth(columns);
  const numeric = numericPlaces(columns);
  const { mean, variance } = columnMoments(reference);
  const pooled = pooledVariance(columns, variance);
  const numbers = numeric.map((place): Feature => {
    const size = Math.abs(mean[place] ?? 0);
    return {
      place,
      mean: mean[place] ?? 0,
      spread: Math.max(Math.sqrt(pooled[place] ?? 0), 1e-5 * size, 1e-6),
    };
  });
  const missing = Array.from({ length: width }, (_, place) => indicator(reference, place, null));
  const categories = columns.flatMap((column, at) => {
    if (column.kind !== "text") return [];
    const place = columns.slice(0, at).reduce((sum, one) => sum + widthOf(one), 0);
    return [-1, ...column.categories.keys()].map((code) => indicator(reference, place, code));
  });
  const seenMissing = missing.filter(({ mean }) => mean * (reference.rows + 1) > 0.6);
  const names = columns.flatMap((column) => Array.from({ length: widthOf(column) }, () => column.name));
  const inside = [...categories, ...seenMissing];
  const evened = [...evenly(categories), ...seenMissing];
  return {
    size: numbers.length + inside.length,
    width,
    image: null,
    features: [...numbers, ...inside].map(({ place }) => names[place] ?? ""),
    apply(graph, x) {
      const present = numbers.length === 0 ? [] : [standardised(graph, filled(graph, x, numbers), numbers)];
      const flags = inside.length === 0 ? [] : [indicators(graph, x, inside)];
      const even = inside.length === 0 ? [] : [indicators(graph, x, evened)];
      const z = graph.op("Clip", [
        concat(graph, [...present, ...even]),
        graph.scalar(-farthest),
        graph.scalar(farthest),
      ]);
      const every = concat(graph, [...present, ...flags, indicators(graph, x, missing)]);
      const largest = graph.op("ReduceMax", [graph.op("Abs", [every])], { axes: ints(1), keepdims: int(1) });
      const bounded = graph.op("Clip", [largest, graph.scalar(1e-3), graph.scalar(1e6)]);
      return { z, views: [{ name: "extremes", value: graph.op("Log", [bounded]) }] };
    },
  };
}

/** The indicators of a column have together the weight of one number, so that rare categories do not outweigh all else. */
function evenly(categories: readonly Indicator[]): readonly Indicator[] {
  return categories.map((category) => {
    const column = categories.filter(({ place }) => place === category.place);
    return { ...category, spread: Math.sqrt(column.reduce((sum, { spread }) => sum + spread ** 2, 0)) };
  });
}

/** The numbers of a tensor have one unit, so they have one spread: the mean of their variances. */
function pooledVariance(columns: readonly RowColumn[], variance: Float64Array): Float64Array {
  const pooled = variance.slice();
  let start = 0;
  for (const column of columns) {
    const own = pooled.subarray(start, start + widthOf(column));
    if (column.kind === "tensor") own.fill(own.reduce((sum, value) => sum + value, 0) / own.length);
    start += own.length;
  }
  return pooled;
}

function numericPlaces(columns: readonly RowColumn[]): number[] {
  const places: number[] = [];
  let start = 0;
  for (const column of columns) {
    if (column.kind !== "text") for (let at = 0; at < widthOf(column); at += 1) places.push(start + at);
    start += widthOf(column);
  }
  return places;
}

/** Its rate, moved a little away from 0 and 1, so that what never was is unusual and not impossible. */
function indicator({ rows, values }: RowBlock, place: number, code: number | null): Indicator {
  const width = values.length / rows;
  let count = 0;
  for (let row = 0; row < rows; row += 1) {
    const value = values[row * width + place] as number;
    if (code === null ? Number.isNaN(value) : value === code) count += 1;
  }
  const rate = (count + 0.5) / (rows + 1);
  return { place, code, mean: rate, spread: Math.sqrt(rate * (1 - rate)) };
}

function filled(graph: GraphBuilder, x: string, features: readonly Feature[]): string {
  const values = picked(graph, x, features);
  const means = graph.constant(Float32Array.from(features, ({ mean }) => mean));
  return graph.op("Where", [graph.op("IsNaN", [values]), means, values]);
}

function indicators(graph: GraphBuilder, x: string, features: readonly Indicator[]): string {
  const values = picked(graph, x, features);
  const codes = graph.constant(Float32Array.from(features, ({ code }) => code ?? Number.NaN));
  const asked = graph.constant(Float32Array.from(features, ({ code }) => Number(code === null)));
  const same = graph.op("Cast", [graph.op("Equal", [values, codes])], { to: int(1) });
  const absent = graph.op("Cast", [graph.op("IsNaN", [values])], { to: int(1) });
  return standardised(graph, graph.op("Add", [same, graph.op("Mul", [absent, asked])]), features);
}

function picked(graph: GraphBuilder, x: string, features: readonly Feature[]): string {
  const places = graph.constant(BigInt64Array.from(features, ({ place }) => BigInt(place)));
  return graph.op("Gather", [x, places], { axis: int(1) });
}

function standardised(graph: GraphBuilder, values: string, features: readonly Feature[]): string {
  const centred = graph.op("Sub", [values, graph.constant(Float32Array.from(features, ({ mean }) => mean))]);
  return graph.op("Div", [centred, graph.constant(Float32Array.from(features, ({ spread }) => spread))]);
}

function concat(graph: GraphBuilder, parts: readonly string[]): string {
  return parts.length === 1 ? (parts[0] ?? "") : graph.op("Concat", parts, { axis: int(1) });
}
