import { int } from "../onnx/attributes.ts";
import type { GraphBuilder } from "../onnx/graph-builder.ts";
import { type AppliedLayer, applyNetwork } from "./apply-network.ts";
import { weightRules } from "./initial-weights.ts";
import { applyLoss, type Loss } from "./losses.ts";
import type { Network } from "./network.ts";

export interface LossOptions {
  readonly loss: Loss;
  /** Whether the targets are data of their own (input `targets`); else they are the clean data. */
  readonly withTargets: boolean;
  /** Whether rows of the inputs `factors` and `additions` spoil what the network sees. */
  readonly withNoise: boolean;
}

/**
 * Adds the way from data to loss: takes the rows named in `rows` from `data`, multiplies them by rows of `factors` and
 * adds rows of `additions` (those named in `noise-rows`), and runs the network. Data and noise stay in the session, so
 * a step brings a few whole numbers only. `step.share` is one over how many numbers the mean is taken.
 */
export function lossGraph(
  graph: GraphBuilder,
  network: Network,
  { loss, withTargets, withNoise }: LossOptions,
): { readonly layers: readonly AppliedLayer[]; readonly dy: string } {
  const free = ["all", ...network.input];
  const rows = graph.input("rows", ["batch"], "int32");
  const clean = taken(graph, graph.input("data", free), rows);
  const x = withNoise ? spoiled(graph, clean, free) : clean;
  graph.input("step.share", []);
  for (const [name, { shape }] of weightRules(network)) graph.input(name, shape);
  const layers = applyNetwork(graph, network, { x, nameOf: (weight) => weight });
  const last = layers.at(-1);
  const target = withTargets
    ? taken(graph, graph.input("targets", ["all", ...(last?.rule.output ?? [])]), rows)
    : clean;
  const { value, dy } = applyLoss(loss, { graph, y: last?.y ?? x, target, share: "step.share" });
  graph.output("loss", value, []);
  return { layers, dy };
}

function taken(graph: GraphBuilder, data: string, rows: string): string {
  return graph.op("Gather", [data, rows], { axis: int(0) });
}

function spoiled(graph: GraphBuilder, clean: string, shape: readonly (number | string)[]): string {
  const rows = graph.input("noise-rows", ["batch"], "int32");
  const banked = ["bank", ...shape.slice(1)];
  const factors = taken(graph, graph.input("factors", banked), rows);
  const additions = taken(graph, graph.input("additions", banked), rows);
  return graph.op("Add", [graph.op("Mul", [clean, factors]), additions]);
}
