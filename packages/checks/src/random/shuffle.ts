import type { Random } from "./random.ts";

/** Puts values into another order, all orders equally likely (Fisher and Yates; Durstenfeld 1964). */
export function shuffle(values: Int32Array | Uint8Array, random: Random): void {
  for (let place = values.length - 1; place > 0; place -= 1) {
    const other = random.below(place + 1);
    const value = values[place] as number;
    values[place] = values[other] as number;
    values[other] = value;
  }
}

/** The numbers 0 to `count - 1` in such an order. */
export function shuffledPlaces(count: number, random: Random): Int32Array {
  const places = Int32Array.from({ length: count }, (_, place) => place);
  shuffle(places, random);
  return places;
}
