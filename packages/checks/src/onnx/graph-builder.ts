import type { OnnxAttribute, OnnxElement, OnnxGraph, OnnxNode, OnnxTensor, OnnxValue } from "./model.ts";
import { type TensorValues, tensorOf } from "./tensor-of.ts";

type Attributes = Readonly<Record<string, OnnxAttribute>>;

/** Puts a graph together, one operation after the other; values are known by the names that are given back. */
export interface GraphBuilder {
  input(name: string, shape: OnnxValue["shape"], element?: OnnxElement): string;
  constant(values: TensorValues, shape?: readonly number[]): string;
  /** A constant with a name of its own, such as a weight. */
  weight(name: string, values: TensorValues, shape: readonly number[]): string;
  /** A constant of one float and no dimensions. */
  scalar(value: number): string;
  /** An operation of one result. An empty name is an input that is left out. */
  op(op: string, inputs: readonly string[], attributes?: Attributes): string;
  /** An operation of several results. */
  ops(op: string, inputs: readonly string[], options: { outputs: number; attributes?: Attributes }): string[];
  output(name: string, value: string, shape: OnnxValue["shape"], element?: OnnxElement): void;
  finish(name: string): OnnxGraph;
}

/**
 * An empty graph to put operations into.
 *
 * ```ts
 * import { createGraph, modelOf, writeOnnx } from "@scanflow/checks/onnx";
 *
 * const graph = createGraph();
 * const doubled = graph.op("Mul", [graph.input("x", ["rows"]), graph.scalar(2)]);
 * graph.output("y", doubled, ["rows"]);
 * const bytes = writeOnnx(modelOf(graph.finish("double")));
 * ```
 */
export function createGraph(): GraphBuilder {
  const nodes: OnnxNode[] = [];
  const constants: OnnxTensor[] = [];
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  const scalars = new Map<number, string>();
  /** What the values of nodes are called as outputs: an Identity for each would be a copy at every run. */
  const results = new Map<string, string>();
  let count = 0;

  function fresh(): string {
    count += 1;
    return `v${count}`;
  }

  function input(name: string, shape: OnnxValue["shape"], element: OnnxElement = "float32"): string {
    inputs.push({ name, element, shape });
    return name;
  }

  function weight(name: string, values: TensorValues, shape: readonly number[]): string {
    constants.push(tensorOf(name, shape, values));
    return name;
  }

  function constant(values: TensorValues, shape: readonly number[] = [values.length]): string {
    return weight(fresh(), values, shape);
  }

  function scalar(value: number): string {
    const name = scalars.get(value) ?? constant(Float32Array.of(value), []);
    scalars.set(value, name);
    return name;
  }

  function ops(
    op: string,
    from: readonly string[],
    { outputs: wanted, attributes = {} }: { outputs: number; attributes?: Attributes },
  ): string[] {
    const names = Array.from({ length: wanted }, fresh);
    nodes.push({ op, domain: "", name: "", inputs: from, outputs: names, attributes });
    return names;
  }

  function op(name: string, from: readonly string[], attributes: Attributes = {}): string {
    const [result = ""] = ops(name, from, { outputs: 1, attributes });
    return result;
  }

  function output(
    name: string,
    value: string,
    shape: OnnxValue["shape"],
    element: OnnxElement = "float32",
  ): void {
    const free = !results.has(value) && nodes.some((node) => node.outputs.includes(value));
    if (free) results.set(value, name);
    else
      nodes.push({ op: "Identity", domain: "", name: "", inputs: [value], outputs: [name], attributes: {} });
    outputs.push({ name, element, shape });
  }

  function finish(name: string): OnnxGraph {
    const named = (value: string) => results.get(value) ?? value;
    const renamed = nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(named),
      outputs: node.outputs.map(named),
    }));
    return { name, nodes: renamed, constants, inputs, outputs };
  }

  return { input, constant, weight, scalar, op, ops, output, finish };
}

/** A graph as a model of the versions that we write: operators of opset 17, file format 8. */
export function modelOf(graph: OnnxGraph, metadata: Readonly<Record<string, string>> = {}) {
  return { irVersion: 8, opsets: { "": 17 }, producer: "scanflow", graph, metadata };
}
