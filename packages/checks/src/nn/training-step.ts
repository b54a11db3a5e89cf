import { createGraph, type GraphBuilder, modelOf } from "../onnx/graph-builder.ts";
import { writeOnnx } from "../onnx/write-model.ts";
import type { AppliedLayer } from "./apply-network.ts";
import { weightRules } from "./initial-weights.ts";
import { type LossOptions, lossGraph } from "./loss-graph.ts";
import type { Network } from "./network.ts";
import { applyOptimizer, type Optimizer, STEP_SCALARS } from "./optimizers.ts";

export interface TrainingStep {
  readonly model: Uint8Array;
  /** Results that become inputs of the next step. */
  readonly carry: Readonly<Record<string, string>>;
}

/** Names of a weight's two optimizer states. */
export function stateNames(weight: string): readonly [first: string, second: string] {
  return [`${weight}.first`, `${weight}.second`];
}

/** One step of training as one graph: the loss, the new weights and the optimizer's new state. */
export function trainingStep(
  network: Network,
  { optimizer, ...options }: LossOptions & { readonly optimizer: Optimizer },
): TrainingStep {
  const graph = createGraph();
  const { layers, dy } = lossGraph(graph, network, options);
  for (const name of STEP_SCALARS) graph.input(name, []);
  const found = gradients(graph, layers, dy);
  const carry: Record<string, string> = {};
  for (const [weight, { shape }] of weightRules(network)) {
    const [first, second] = stateNames(weight);
    graph.input(first, shape);
    graph.input(second, shape);
    const gradient = found.get(weight) ?? "";
    const next = applyOptimizer(optimizer, { graph, weight, gradient, first, second });
    for (const [name, result] of [
      [weight, next.weight],
      [first, next.first],
      [second, next.second],
    ] as const) {
      graph.output(`${name}.next`, result, shape);
      carry[`${name}.next`] = name;
    }
  }
  return { model: writeOnnx(modelOf(graph.finish("training step"))), carry };
}

/** The loss alone, of weights that are given: how well a network does on rows that it is not trained on. */
export function evaluationStep(network: Network, options: LossOptions): Uint8Array {
  const graph = createGraph();
  lossGraph(graph, network, options);
  return writeOnnx(modelOf(graph.finish("evaluation step")));
}

/** Gradients of all weights by name, found from the last layer to the first. */
export function gradients(
  graph: GraphBuilder,
  layers: readonly AppliedLayer[],
  lossGradient: string,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const firstTrained = layers.findIndex(({ rule }) => rule.weights.length > 0);
  let dy = lossGradient;
  for (const [above, applied] of layers.toReversed().entries()) {
    const place = layers.length - 1 - above;
    if (place < firstTrained) break;
    const { rule, weights } = applied;
    const back = rule.backward({ ...applied, graph, dy, wantsDx: place > firstTrained });
    for (const [name, gradient] of Object.entries(back.weights)) found.set(weights[name] ?? "", gradient);
    dy = back.dx;
  }
  return found;
}
