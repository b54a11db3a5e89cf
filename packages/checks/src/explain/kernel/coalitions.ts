import type { Random } from "../../random/random.ts";

/** Coalitions of features with their weights in the regression. */
export interface Coalitions {
  readonly players: number;
  /** One coalition after the other, one place per player: 1 for in, 0 for out. Neither empty nor full. */
  readonly masks: Uint8Array;
  readonly weights: Float64Array;
}

/**
 * The coalitions that Kernel SHAP asks the model about: sizes from the outside in as long as all of a size fit, a
 * size together with its complement; then draws for the sizes between, each with its complement
 * (shap 0.51, `KernelExplainer.explain`; Lundberg and Lee 2017, theorem 2, for the weights). Unlike shap's, draws of
 * the middle size have their complements too: then games with interactions of two at most are solved exactly
 * (paired sampling: Covert and Lee 2021, "Improving KernelSHAP").
 *
 * @param players 2 or more
 * @param samples how many coalitions at most; all of them are taken when there are no more than that
 */
export function coalitionsOf(
  players: number,
  { samples, random }: { readonly samples: number; readonly random: Random },
): Coalitions {
  const most = players <= 30 ? Math.min(samples, 2 ** players - 2) : samples;
  const sizes = Math.ceil((players - 1) / 2);
  const paired = Math.floor((players - 1) / 2);
  const shares = sharesOfSizes(players, sizes, paired);
  const found = new Collection(players);

  let left = most;
  let open = 1;
  let full = 0;
  for (; full < sizes; full += 1) {
    const size = full + 1;
    const subsets = binomial(players, size) * (size <= paired ? 2 : 1);
    const share = shares[full] as number;
    if ((left * share) / open / subsets < 1 - 1e-8) break;
    found.addAll(size, { each: share / subsets, withComplements: size <= paired });
    left -= subsets;
    open -= share;
  }
  if (full < sizes) found.draw(most, { from: full + 1, share: open, shares, random });
  return found.made();
}

/** What each size (with its complement) weighs in all. */
function sharesOfSizes(players: number, sizes: number, paired: number): number[] {
  const weights = Array.from({ length: sizes }, (_, at) => {
    const size = at + 1;
    return ((players - 1) / (size * (players - size))) * (size <= paired ? 2 : 1);
  });
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

interface Draw {
  readonly from: number;
  /** What all that is drawn shall weigh together. */
  readonly share: number;
  readonly shares: readonly number[];
  readonly random: Random;
}

class Collection {
  readonly #players: number;
  readonly #masks: Uint8Array[] = [];
  readonly #weights: number[] = [];

  constructor(players: number) {
    this.#players = players;
  }

  addAll(size: number, { each, withComplements }: { each: number; withComplements: boolean }): void {
    for (const members of subsets(this.#players, size)) {
      const mask = new Uint8Array(this.#players);
      for (const member of members) mask[member] = 1;
      this.#add(mask, each);
      if (withComplements) this.#add(complement(mask), each);
    }
  }

  draw(most: number, { from, share, shares, random }: Draw): void {
    const first = this.#masks.length;
    const places = new Map<string, number>();
    const chances = shares.slice(from - 1);
    for (let tries = 4 * (most - first); tries > 0 && this.#masks.length < most; tries -= 1) {
      const size = from + pick(chances, random);
      const mask = drawSubset(this.#players, size, random);
      this.#count(mask, places);
      this.#count(complement(mask), places);
    }
    const sum = this.#weights.slice(first).reduce((a, b) => a + b, 0);
    for (let at = first; at < this.#weights.length; at += 1) {
      this.#weights[at] = ((this.#weights[at] as number) * share) / sum;
    }
  }

  made(): Coalitions {
    const masks = new Uint8Array(this.#masks.length * this.#players);
    for (const [at, mask] of this.#masks.entries()) masks.set(mask, at * this.#players);
    return { players: this.#players, masks, weights: Float64Array.from(this.#weights) };
  }

  #add(mask: Uint8Array, weight: number): void {
    this.#masks.push(mask);
    this.#weights.push(weight);
  }

  /** Adds a coalition, or one more to the weight of one drawn before. */
  #count(mask: Uint8Array, places: Map<string, number>): void {
    const key = mask.join("");
    const place = places.get(key);
    if (place !== undefined) {
      this.#weights[place] = (this.#weights[place] as number) + 1;
      return;
    }
    places.set(key, this.#masks.length);
    this.#add(mask, 1);
  }
}

function complement(mask: Uint8Array): Uint8Array {
  return mask.map((member) => 1 - member);
}

/** Every way to choose `size` of the players, in order. */
function* subsets(players: number, size: number): Generator<readonly number[]> {
  const members = Array.from({ length: size }, (_, at) => at);
  for (;;) {
    yield members;
    let last = size - 1;
    while (last >= 0 && members[last] === players - size + last) last -= 1;
    if (last < 0) return;
    members[last] = (members[last] as number) + 1;
    for (let at = last + 1; at < size; at += 1) members[at] = (members[at - 1] as number) + 1;
  }
}

/** Floyd's algorithm (Bentley and Floyd 1987): each set of `size` is as likely. */
function drawSubset(players: number, size: number, random: Random): Uint8Array {
  const mask = new Uint8Array(players);
  for (let limit = players - size; limit < players; limit += 1) {
    const chosen = random.below(limit + 1);
    mask[mask[chosen] === 1 ? limit : chosen] = 1;
  }
  return mask;
}

function pick(chances: readonly number[], random: Random): number {
  let rest = random.uniform() * chances.reduce((a, b) => a + b, 0);
  for (const [at, chance] of chances.entries()) {
    rest -= chance;
    if (rest < 0) return at;
  }
  return chances.length - 1;
}

function binomial(n: number, k: number): number {
  let result = 1;
  for (let at = 1; at <= k; at += 1) result = (result * (n - k + at)) / at;
  return Math.round(result);
}
