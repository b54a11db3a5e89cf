import { inLayers } from "./in-layers.ts";
import type { Puzzle, Solution } from "./puzzle.ts";

/** Which items and edges Dagre can lay out in a moment; its time grows with the square of their number. */
const DAGRE_LIMIT = 160;

/** Lays out from left to right: with Dagre where that is quick, else in plain layers. */
export async function solve(puzzle: Puzzle): Promise<Solution> {
  if (puzzle.items.length + puzzle.edges.length / 2 > DAGRE_LIMIT) {
    return inLayers(puzzle);
  }
  // Loaded on first use: few processes that load this package draw.
  const { withDagre } = await import("./with-dagre.ts");
  return withDagre(puzzle);
}
