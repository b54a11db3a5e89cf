import { Chance } from "./chance.ts";
import type { Pair } from "./pair.ts";
import { registryOperations } from "./registry-operations.ts";
import { trackingOperations } from "./tracking-operations.ts";

/** Asks both servers for the same `steps` random things, most of them possible, some not. */
export async function fuzz(pair: Pair, { seed, steps }: { seed: number; steps: number }): Promise<void> {
  const chance = new Chance(pair, seed);
  const operations = [...trackingOperations(chance), ...registryOperations(chance)];
  const all = operations.reduce((sum, [weight]) => sum + weight, 0);
  for (let step = 0; step < steps; step++) {
    let left = chance.next() * all;
    const chosen = operations.find(([weight]) => {
      left -= weight;
      return left < 0;
    });
    await chosen?.[1]();
  }
}
