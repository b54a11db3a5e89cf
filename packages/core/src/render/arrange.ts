import { bundled, bundleFrame } from "./bundle.ts";
import { type Drawing, type DrawnBox, type Members, membersOf } from "./drawing.ts";
import { type Frame, frameOf } from "./frame.ts";
import { type Piece, type PieceEnd, piecesOf, vertexOf } from "./pieces.ts";
import type { Item, Puzzle } from "./puzzle.ts";
import { columnsOf } from "./route.ts";
import { labelSize, nodeSize } from "./size.ts";
import { type Solve, solver } from "./solve.ts";

/** Places everything in the drawing, from the innermost boxes outwards; null when there is nothing. */
export async function arrange(drawing: Drawing): Promise<Frame | null> {
  const top = drawing.boxes.find(({ parent }) => parent === null);
  return top
    ? arrangeBox(top, { members: membersOf(drawing), pieces: piecesOf(drawing), solve: solver() })
    : null;
}

interface Context {
  readonly members: ReadonlyMap<string, Members>;
  readonly pieces: ReadonlyMap<string, readonly Piece[]>;
  readonly solve: Solve;
}

async function arrangeBox(box: DrawnBox, context: Context): Promise<Frame> {
  const { nodes, boxes } = context.members.get(box.id) ?? { nodes: [], boxes: [] };
  const { bundles, loose, pieces } = bundled(nodes, context.pieces.get(box.id) ?? []);
  const frames = new Map(bundles.map((bundle) => [bundle.id, bundleFrame(bundle)]));
  for (const each of boxes) frames.set(each.id, await arrangeBox(each, context));

  const placed = [
    ...loose.map((node) => ({ id: vertexOf(node.id), place: node.place, ...nodeSize(node) })),
    ...[...frames].map(([id, frame]) => {
      const place = frame.box?.place ?? frame.nodes[0]?.node.place ?? 0;
      return { id: vertexOf(id), place, width: frame.width, height: frame.height };
    }),
  ];
  const items: readonly Item[] = placed.sort((a, b) => a.place - b.place);
  const ports = portsOf(pieces);
  const puzzle: Puzzle = {
    items: [...items, ...ports],
    edges: pieces.map(({ from, to, label }) => ({
      from: vertexAt(from),
      to: vertexAt(to),
      label: label === null ? null : labelSize(label),
    })),
  };
  const solution = await context.solve(puzzle);
  return frameOf(box, {
    nodes: loose,
    frames,
    items,
    ports,
    pieces,
    solution,
    columns: columnsOf(puzzle, solution),
  });
}

function portsOf(pieces: readonly Piece[]): readonly Item[] {
  const ports = new Map<string, Item>();
  for (const { from, to } of pieces) {
    if (from.item === null) ports.set(from.port, { id: from.port, width: 0, height: 0, port: "in" });
    if (to.item === null) ports.set(to.port, { id: to.port, width: 0, height: 0, port: "out" });
  }
  return [...ports.values()];
}

function vertexAt({ item, port }: PieceEnd): string {
  return item === null ? port : vertexOf(item);
}
