import type { Random } from "@scanflow/checks/random";
import { normal } from "@scanflow/checks/random";

/** A column's law: what one row of it is. */
export interface Law {
  readonly name: string;
  readonly kind: "continuous" | "discrete";
  draw(random: Random): number | string;
}

/** Columns whose window comes from the same law as the reference. */
export const LAWS: readonly Law[] = [
  { name: "normal", kind: "continuous", draw: normal },
  { name: "log-normal", kind: "continuous", draw: (random) => Math.exp(1.2 * normal(random)) },
  {
    name: "two humps",
    kind: "continuous",
    draw: (random) => normal(random) + (random.uniform() < 0.3 ? 6 : 0),
  },
  { name: "pixel, 1/3 white", kind: "discrete", draw: (random) => Math.max(0, random.below(24) - 8) },
  { name: "coin", kind: "discrete", draw: (random) => random.below(2) },
  {
    name: "12 texts, falling",
    kind: "discrete",
    draw: (random) => `t${Math.min(11, Math.floor(-Math.log(1 - random.uniform()) * 2.5))}`,
  },
];

/** One column of rows; `shift` moves numbers, and turns so large a share of texts into "t0". */
export function drawColumn(
  { draw }: Law,
  rows: number,
  { random, shift = 0 }: { readonly random: Random; readonly shift?: number },
): (number | string)[] {
  return Array.from({ length: rows }, () => {
    const value = draw(random);
    if (typeof value === "number") return value + shift;
    return shift > 0 && random.uniform() < shift ? "t0" : value;
  });
}
