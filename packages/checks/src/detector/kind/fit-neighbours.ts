import { firstRows } from "../run-rows.ts";
import { mostNeighbours, neighbourView } from "./neighbour-view.ts";
import type { Sight, SightInput } from "./sight.ts";

/** Nearest neighbours among the standardised rows themselves. */
export function fitNeighbours({ rows }: SightInput): Sight {
  const kept = firstRows(rows, mostNeighbours);
  return {
    latentSize: rows.values.length / rows.rows,
    apply: (graph, z) => ({
      latent: z,
      restored: z,
      views: [{ name: "neighbours", value: neighbourView(graph, z, kept) }],
    }),
  };
}
