import { createGraph, modelOf } from "../onnx/graph-builder.ts";
import { writeOnnx } from "../onnx/write-model.ts";
import { applyNetwork } from "./apply-network.ts";
import { outputShape } from "./layers/layer-rules.ts";
import type { Network, Weights } from "./network.ts";

/** What goes into the file beside the network. */
export interface ExportOptions {
  /** Texts that travel with the file. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * A trained network as an ONNX file that any runtime serves: input `x` with any number of rows, output `y`.
 *
 * @throws ChecksError SCANFLOW_NETWORK_INVALID when layers do not fit each other
 */
export function exportNetwork(
  network: Network,
  weights: Weights,
  { metadata = {} }: ExportOptions = {},
): Uint8Array {
  const graph = createGraph();
  graph.input("x", ["rows", ...network.input]);
  for (const [name, { values, shape }] of Object.entries(weights)) graph.weight(name, values, shape);
  const layers = applyNetwork(graph, network, { x: "x", nameOf: (weight) => weight });
  graph.output("y", layers.at(-1)?.y ?? "x", ["rows", ...outputShape(network)]);
  return writeOnnx(modelOf(graph.finish("network"), metadata));
}
