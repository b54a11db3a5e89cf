import type { LinesFigure } from "../../figure/figure.ts";
import type { LocalEffects } from "../dependence/accumulated-local-effects.ts";
import type { PartialDependence } from "../dependence/partial-dependence.ts";

/** The mean answer along a feature, in a band that holds the lines of the middle four fifths of the rows. */
export function dependenceFigure(
  { grid, mean, individual }: PartialDependence,
  feature: string,
  { output = 0 }: { readonly output?: number } = {},
): LinesFigure {
  const lines = individual[output];
  const at = (point: number) => mean.values[point * mean.columns + output] as number;
  return {
    kind: "lines",
    title: `How the answer changes with ${feature}`,
    column: feature,
    x: feature,
    y: "answer",
    series: [
      {
        name: "mean; 80 % of the rows",
        points: Array.from(grid, (x, point) => [x, at(point)] as const),
        band: Array.from(grid, (_, point) => {
          const own = Float64Array.from(
            { length: lines?.rows ?? 0 },
            (_, row) => lines?.values[row * grid.length + point] as number,
          ).sort();
          const quantile = (share: number) => own[Math.round((own.length - 1) * share)] ?? at(point);
          return [quantile(0.1), quantile(0.9)] as const;
        }),
      },
    ],
  };
}

/** Accumulated local effects along a feature. */
export function localEffectsFigure(
  { edges, effects }: LocalEffects,
  feature: string,
  { output = 0 }: { readonly output?: number } = {},
): LinesFigure {
  return {
    kind: "lines",
    title: `What ${feature} adds to the answer, among rows that exist`,
    column: feature,
    x: feature,
    y: "effect on the answer",
    series: [
      {
        name: "effect",
        points: Array.from(
          edges,
          (x, edge) => [x, effects.values[edge * effects.columns + output] as number] as const,
        ),
      },
    ],
    levels: [{ name: "mean", y: 0 }],
  };
}
