import type { Random } from "../random/random.ts";
import type { Reservoir } from "./profile.ts";

/** A uniform sample in one pass (Waterman's algorithm R, in Knuth, The Art of Computer Programming 2, 3.4.2). */
export function drawReservoir(values: Float64Array, limit: number, random: Random): Reservoir {
  const kept = values.slice(0, limit);
  for (let row = limit; row < values.length; row += 1) {
    const place = random.below(row + 1);
    if (place < limit) kept[place] = values[row] as number;
  }
  return { limit, values: Array.from(kept.sort()) };
}
