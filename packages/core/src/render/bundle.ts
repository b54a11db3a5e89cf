import type { DrawnNode } from "./drawing.ts";
import type { Frame } from "./frame.ts";
import { mergePieces, type Piece, type PieceEnd } from "./pieces.ts";
import { nodeSize } from "./size.ts";

/** From how many nodes on they are drawn as a bundle. */
const LEAST = 9;
/** Width over height that a bundle comes near to. */
const ASPECT = 1.4;
const GAP = 12;

/** Nodes that have the same edges, drawn side by side with one edge for all: sixty parallel steps fit on a screen. */
export interface Bundle {
  /** What its edges are joined to. */
  readonly id: string;
  readonly nodes: readonly DrawnNode[];
}

export interface Bundling {
  readonly bundles: readonly Bundle[];
  readonly loose: readonly DrawnNode[];
  readonly pieces: readonly Piece[];
}

/** Gathers the nodes of a box that have the same edges. */
export function bundled(nodes: readonly DrawnNode[], pieces: readonly Piece[]): Bundling {
  const alike = Map.groupBy(nodes, signatures(nodes, pieces));
  const bundles = [...alike.values()]
    .filter((group) => group.length >= LEAST)
    .map((group, index): Bundle => ({ id: `bundle ${index}`, nodes: group }));
  const ids = new Map(bundles.flatMap(({ id, nodes: members }) => members.map((node) => [node.id, id])));
  const moved = (end: PieceEnd): PieceEnd => ({ ...end, item: end.item && (ids.get(end.item) ?? end.item) });
  return {
    bundles,
    loose: nodes.filter(({ id }) => !ids.has(id)),
    pieces:
      bundles.length === 0
        ? pieces
        : mergePieces(pieces.map((piece) => ({ ...piece, from: moved(piece.from), to: moved(piece.to) }))),
  };
}

/** All that joins a node to others; the same text for nodes with the same edges. */
function signatures(nodes: readonly DrawnNode[], pieces: readonly Piece[]): (node: DrawnNode) => string {
  const joined = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  for (const { from, to, kind, label } of pieces) {
    const fact = (other: PieceEnd) => JSON.stringify([kind, label, other.item, other.port]);
    if (from.item !== null && from.port === "") joined.get(from.item)?.push(`to ${fact(to)}`);
    if (to.item !== null && to.port === "") joined.get(to.item)?.push(`from ${fact(from)}`);
  }
  const texts = new Map([...joined].map(([id, facts]) => [id, facts.sort().join(" ")]));
  return ({ id }) => texts.get(id) ?? "";
}

/** The bundle as a grid, row by row. */
export function bundleFrame({ nodes }: Bundle): Frame {
  const sizes = nodes.map(nodeSize);
  const width = Math.max(...sizes.map((size) => size.width)) + GAP;
  const height = Math.max(...sizes.map((size) => size.height)) + GAP;
  const columns = Math.max(1, Math.round(Math.sqrt((nodes.length * ASPECT * height) / width)));
  return {
    box: null,
    width: columns * width + GAP,
    height: Math.ceil(nodes.length / columns) * height + GAP,
    nodes: nodes.map((node, index) => ({
      node,
      area: {
        x: GAP / 2 + ((index % columns) + 0.5) * width,
        y: GAP / 2 + (Math.floor(index / columns) + 0.5) * height,
        width: width - GAP,
        height: height - GAP,
      },
    })),
    frames: [],
    lines: [],
    ports: new Map(),
  };
}
