import { mix } from "../random/mix.ts";
import { hashText } from "../random/random.ts";

/** The rank of a row, by its index in the data: a whole number below 2^53, as if drawn at random. */
export type RowRank = (row: number) => number;

/** @param seed the same one gives each row the same rank */
export function createRowRank(seed: number): RowRank {
  const first = hashText(`${seed}/rows`, 0x510e527f);
  const second = hashText(`${seed}/rows`, 0x1f83d9ab);
  return (row) => {
    const low = row | 0;
    const high = Math.floor(row / 2 ** 32) | 0;
    const a = mix(mix(low ^ first) ^ high);
    const b = mix(a ^ mix(low ^ second));
    return (a >>> 0) * 2 ** 21 + (b >>> 11);
  };
}
