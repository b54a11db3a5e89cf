import { tensorSize } from "../batch/tensor-size.ts";
import { createRandom } from "../random/random.ts";
import type { WeightRule } from "./layers/layer-rule.ts";
import { layerRules } from "./layers/layer-rules.ts";
import type { Network, Weight, Weights } from "./network.ts";

/** The weights that a network has, by name: the place of the layer and the rule's own, such as `2.bias`. */
export function weightRules(network: Network): ReadonlyMap<string, WeightRule> {
  const named = layerRules(network).flatMap(({ weights }, place) =>
    weights.map((rule) => [`${place}.${rule.name}`, rule] as const),
  );
  return new Map(named);
}

/**
 * Weights before training: uniform within ±√(6 / (fan in + fan out)), biases 0 (Glorot and Bengio, AISTATS 2010). The
 * same seed gives the same weights on every machine.
 */
export function initialWeights(network: Network, seed: number): Weights {
  const weights: Record<string, Weight> = {};
  for (const [name, { shape, fanIn, fanOut }] of weightRules(network)) {
    const random = createRandom(seed, `weights/${name}`);
    const limit = fanIn === 0 ? 0 : Math.sqrt(6 / (fanIn + fanOut));
    const size = tensorSize(shape);
    const values = Float32Array.from({ length: size }, () => (2 * random.uniform() - 1) * limit);
    weights[name] = { shape, values };
  }
  return weights;
}
