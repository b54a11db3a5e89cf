import { takeBlock } from "../run-rows.ts";
import { mostNeighbours, type SightInput } from "./fit-autoencoder.ts";
import { neighbourView } from "./neighbour-view.ts";
import type { Sight } from "./sight.ts";

/** Nearest neighbours among the standardised rows themselves. */
export function fitNeighbours({ rows }: SightInput): Sight {
  const kept = takeBlock(
    rows,
    Int32Array.from({ length: Math.min(mostNeighbours, rows.rows) }, (_, row) => row),
  );
  return {
    latentSize: rows.values.length / rows.rows,
    apply: (graph, z) => ({
      latent: z,
      restored: z,
      views: [{ name: "neighbours", value: neighbourView(graph, z, kept) }],
    }),
  };
}
