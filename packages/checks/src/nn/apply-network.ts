import type { GraphBuilder } from "../onnx/graph-builder.ts";
import type { LayerRule } from "./layers/layer-rule.ts";
import { layerRules } from "./layers/layer-rules.ts";
import type { Network } from "./network.ts";

/** One layer as it stands in a graph. */
export interface AppliedLayer {
  readonly rule: LayerRule;
  readonly x: string;
  readonly y: string;
  readonly kept: readonly string[];
  /** Name in the graph of each weight, by the rule's name. */
  readonly weights: Readonly<Record<string, string>>;
}

/** Adds a network to a graph, layer after layer. @param nameOf what stands in the graph for a weight such as `2.bias` */
export function applyNetwork(
  graph: GraphBuilder,
  network: Network,
  options: { readonly x: string; readonly nameOf: (weight: string) => string },
): readonly AppliedLayer[] {
  let { x } = options;
  return layerRules(network).map((rule, place) => {
    const weights = Object.fromEntries(
      rule.weights.map(({ name }) => [name, options.nameOf(`${place}.${name}`)]),
    );
    const { y, kept = [] } = rule.forward({ graph, x, weights });
    const applied = { rule, x, y, kept, weights };
    x = y;
    return applied;
  });
}
