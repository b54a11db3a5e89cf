import type { Random } from "./random.ts";

/** The places of `count` of `all` rows in random order, each at most once. @param count at most `all` */
export function drawRows(all: number, count: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: all }, (_, row) => row);
  for (let at = 0; at < count; at += 1) {
    const other = at + random.below(all - at);
    [order[at], order[other]] = [order[other] as number, order[at] as number];
  }
  return order.subarray(0, count);
}
