import type { PlanEdge } from "../plan/plan.ts";
import { type Drawing, type DrawnEdge, strongerKind } from "./drawing.ts";

/**
 * The part of one or more edges that lies within one box. An edge between nodes of different boxes passes the sides
 * of the boxes between them through ports; edges from the same node share their ports, so a line that many
 * tasks of a box take from is drawn to the box once.
 */
export interface Piece {
  readonly from: PieceEnd;
  readonly to: PieceEnd;
  readonly kind: PlanEdge["kind"];
  /** Said on the line, where it is a whole edge. */
  readonly label: string | null;
  readonly edges: readonly DrawnEdge[];
}

export interface PieceEnd {
  /** A node or box in the box; null: a side of the box itself. */
  readonly item: string | null;
  /** The port of the item, or of the box itself; "" is the item's own middle. */
  readonly port: string;
}

/** Pieces of all edges, by the box that they lie in. */
export function piecesOf(drawing: Drawing): ReadonlyMap<string, readonly Piece[]> {
  const parents = new Map<string, string | null>();
  for (const { id, box } of drawing.nodes) parents.set(id, box);
  for (const { id, parent } of drawing.boxes) parents.set(id, parent);
  const boxes = new Map<string, Map<string, Growing>>();
  for (const edge of drawing.edges) {
    const outer = boxesRound(parents, edge.from);
    const shared = boxesRound(parents, edge.to).find((box) => outer.includes(box)) ?? "";

    const part = { kind: edge.kind, label: null, edges: [edge] };
    let from: PieceEnd = { item: edge.from, port: "" };
    for (const box of until(outer, shared)) {
      const port = `out ${edge.from}`;
      addPiece(boxes, box, { from, to: { item: null, port }, ...part });
      from = { item: box, port };
    }
    let to: PieceEnd = { item: edge.to, port: "" };
    for (const box of until(boxesRound(parents, edge.to), shared)) {
      const port = `in ${edge.from}`;
      addPiece(boxes, box, { from: { item: null, port }, to, ...part });
      to = { item: box, port };
    }
    addPiece(boxes, shared, { from, to, ...part, label: edge.label });
  }
  return new Map([...boxes].map(([box, pieces]) => [box, [...pieces.values()]]));
}

/** The boxes round an end, innermost first. */
function boxesRound(parents: ReadonlyMap<string, string | null>, end: string): readonly string[] {
  const found: string[] = [];
  for (let box = parents.get(end); box !== undefined && box !== null; box = parents.get(box)) found.push(box);
  return found;
}

function until(boxes: readonly string[], shared: string): readonly string[] {
  return boxes.slice(0, boxes.indexOf(shared));
}

function addPiece(boxes: Map<string, Map<string, Growing>>, box: string, piece: Piece): void {
  const pieces = boxes.get(box) ?? new Map<string, Growing>();
  boxes.set(box, pieces);
  const key = JSON.stringify([piece.from.item, piece.from.port, piece.to.item, piece.to.port]);
  const known = pieces.get(key);
  if (!known) {
    pieces.set(key, { ...piece, edges: [...piece.edges] });
    return;
  }
  known.label ??= piece.label;
  known.kind = strongerKind(known.kind, piece.kind);
  known.edges.push(...piece.edges);
}

/** Makes one piece of those with the same ends. */
export function mergePieces(pieces: readonly Piece[]): readonly Piece[] {
  const merged = new Map<string, Map<string, Growing>>();
  for (const piece of pieces) addPiece(merged, "", piece);
  return [...(merged.get("")?.values() ?? [])];
}

interface Growing extends Piece {
  kind: PlanEdge["kind"];
  label: string | null;
  readonly edges: DrawnEdge[];
}

/** What an item is called in a puzzle, apart from all ports. */
export function vertexOf(item: string): string {
  return `item ${item}`;
}
