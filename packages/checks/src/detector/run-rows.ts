import { type GraphBuilder, modelOf } from "../onnx/graph-builder.ts";
import type { OnnxRuntime, OnnxSession, RuntimeTensors } from "../onnx/runtime.ts";
import { writeOnnx } from "../onnx/write-model.ts";

/** Rows that go through a graph at once: enough to be fast, few enough for memory. */
const chunk = 512;

export interface RowBlock {
  readonly rows: number;
  /** Row after row. */
  readonly values: Float32Array;
}

/** Runs a graph with input `x` over any number of rows; the results of all rows are joined. */
export async function runRows(
  session: OnnxSession,
  { rows, values }: RowBlock,
  outputs: readonly string[],
): Promise<ReadonlyMap<string, RowBlock>> {
  const width = rows === 0 ? 0 : values.length / rows;
  const steps: RuntimeTensors[] = [];
  for (let at = 0; at < rows; at += chunk) {
    const part = values.subarray(at * width, Math.min(rows, at + chunk) * width);
    steps.push({ x: { shape: [part.length / width, width], values: part } });
  }
  const results = await session.run(steps, { outputs });
  return new Map(outputs.map((name) => [name, joined(results, name, rows)]));
}

function joined(results: readonly RuntimeTensors[], name: string, rows: number): RowBlock {
  const parts = results.map((result) => result[name]?.values ?? new Float32Array(0));
  const values = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    values.set(part as Float32Array, at);
    at += part.length;
  }
  return { rows, values };
}

/** Runs a graph that is needed once, as `runRows` does. */
export async function runGraph(
  runtime: OnnxRuntime,
  graph: GraphBuilder,
  { rows, outputs }: { readonly rows: RowBlock; readonly outputs: readonly string[] },
): Promise<ReadonlyMap<string, RowBlock>> {
  const session = await runtime.open(writeOnnx(modelOf(graph.finish("rows"))));
  try {
    return await runRows(session, rows, outputs);
  } finally {
    await session.close();
  }
}

/** One column of a block, as doubles. */
export function columnAt({ rows, values }: RowBlock, column: number): Float64Array {
  const width = rows === 0 ? 0 : values.length / rows;
  return Float64Array.from({ length: rows }, (_, row) => values[row * width + column] ?? Number.NaN);
}

/** The rows of a block at some places. */
export function takeBlock({ rows, values }: RowBlock, places: ArrayLike<number>): RowBlock {
  const width = rows === 0 ? 0 : values.length / rows;
  const taken = new Float32Array(places.length * width);
  for (let at = 0; at < places.length; at += 1) {
    const from = (places[at] as number) * width;
    taken.set(values.subarray(from, from + width), at * width);
  }
  return { rows: places.length, values: taken };
}

/** The first rows of a block, at most `most`. */
export function firstRows({ rows, values }: RowBlock, most: number): RowBlock {
  const kept = Math.min(rows, most);
  return { rows: kept, values: values.slice(0, rows === 0 ? 0 : (kept * values.length) / rows) };
}
