import type { Point } from "./route.ts";

/** Rectangles and edges to be laid out from left to right. */
export interface Puzzle {
  readonly items: readonly Item[];
  readonly edges: readonly PuzzleEdge[];
}

export interface Item {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** Where the surrounding box lets an edge in or out. */
  readonly port?: "in" | "out";
}

export interface PuzzleEdge {
  readonly from: string;
  readonly to: string;
  /** Room that its label takes. */
  readonly label: { readonly width: number; readonly height: number } | null;
}

export interface Solution {
  /** Middle of each item. */
  readonly middles: ReadonlyMap<string, Point>;
  /** For each edge, from its start to its end. */
  readonly lines: readonly SolvedLine[];
}

export interface SolvedLine {
  readonly points: readonly Point[];
  /** Middle of its label. */
  readonly label: Point | null;
}

export const NODE_GAP = 18;
export const LAYER_GAP = 52;
