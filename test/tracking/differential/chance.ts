import type { Answer, Fields, Pair } from "./pair.ts";

export const keys = ["a", "b", "é x", "k/v", "mlflow.user", "mlflow.runName", "bad!", "a//b"];
export const goodKeys = keys.slice(0, 5);
export const values = ["", "1", "0.5", "it's", "漢字", "A%b_c", "yes"];

/** Something that both servers may be asked; the heavier, the more often. */
export type Operation = readonly [weight: number, ask: () => Promise<unknown>];

/** What looks random and is the same for the same seed. */
export class Chance {
  readonly #pair: Pair;
  readonly #seed: number;
  #state: number;
  #made = 0;

  constructor(pair: Pair, seed: number) {
    this.#pair = pair;
    this.#seed = seed;
    this.#state = seed >>> 0;
  }

  /** From 0 to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  often(share: number): boolean {
    return this.next() < share;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** None to three. */
  some<T>(make: () => T, most = 3): T[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }

  /** One of the things that are there, or now and then one that is not. */
  known(list: readonly string[], unknown: string): string {
    return list.length > 0 && this.often(0.97) ? this.one(list) : unknown;
  }

  keyValue(): Fields {
    return { key: this.one(goodKeys), value: this.one(values) };
  }

  /** A name that nothing has yet. */
  name(what: string): string {
    this.#made++;
    return `${what}-${this.#seed}-${this.#made}`;
  }

  ask(where: string, fields: Fields): Promise<Answer> {
    return this.#pair.ask(where, fields);
  }

  make(...asked: Parameters<Pair["make"]>): Promise<string> {
    return this.#pair.make(...asked);
  }
}
