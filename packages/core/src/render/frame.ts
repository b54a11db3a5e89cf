import type { PlanEdge } from "../plan/plan.ts";
import type { DrawnBox, DrawnEdge, DrawnNode } from "./drawing.ts";
import { type Piece, type PieceEnd, vertexOf } from "./pieces.ts";
import type { Item, Solution } from "./puzzle.ts";
import { type Columns, type Point, passages } from "./route.ts";
import { boxTitleWidth, HEADER, labelSize, PADDING, shortLabel } from "./size.ts";

/** A box with all that lies in it; places are relative to its top left corner. */
export interface Frame {
  /** null: a bundle of nodes. */
  readonly box: DrawnBox | null;
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly { readonly node: DrawnNode; readonly area: Area }[];
  readonly frames: readonly { readonly frame: Frame; readonly area: Area }[];
  readonly lines: readonly Line[];
  /** Heights at which edges cross its left and right side, by port. */
  readonly ports: ReadonlyMap<string, number>;
}

/** A rectangle by its middle. */
export interface Area extends Point {
  readonly width: number;
  readonly height: number;
}

/** What is drawn of a piece. */
export interface Line {
  readonly points: readonly Point[];
  readonly kind: PlanEdge["kind"];
  readonly arrow: boolean;
  readonly label: { readonly text: string; readonly full: string; readonly area: Area } | null;
  readonly edges: readonly DrawnEdge[];
}

interface Parts {
  readonly nodes: readonly DrawnNode[];
  readonly frames: ReadonlyMap<string, Frame>;
  /** The nodes and boxes as they were laid out. */
  readonly items: readonly Item[];
  readonly ports: readonly Item[];
  readonly pieces: readonly Piece[];
  readonly solution: Solution;
  readonly columns: Columns;
}

/** Puts a box round what was laid out. */
export function frameOf(box: DrawnBox, parts: Parts): Frame {
  const { nodes, frames, items, ports, pieces, solution, columns } = parts;
  const bounds = boundsOf(parts);
  const [left, right] = [
    bounds.left - (bounds.portsIn ? 0 : PADDING),
    bounds.right + (bounds.portsOut ? 0 : PADDING),
  ];
  const width = Math.max(right - left, boxTitleWidth(box));
  const shift = { x: -left, y: HEADER - bounds.top };
  const placed = (id: string): Point => {
    const { x, y } = solution.middles.get(id) ?? { x: 0, y: 0 };
    return { x: x + shift.x, y: y + shift.y };
  };
  const areas = new Map(items.map(({ id, width: w, height }) => [id, { ...placed(id), width: w, height }]));
  const areaOf = (id: string): Area => areas.get(vertexOf(id)) ?? NOWHERE;
  const sideOf = ({ item, port }: PieceEnd, side: 1 | -1): Point => {
    if (item === null) return { x: side === 1 ? 0 : width, y: placed(port).y };
    const area = areaOf(item);
    return { x: area.x + (side * area.width) / 2, y: heightAt(area, frames.get(item), port) };
  };
  return {
    box,
    width,
    height: bounds.bottom - bounds.top + HEADER + PADDING,
    nodes: nodes.map((node) => ({ node, area: areaOf(node.id) })),
    frames: [...frames].map(([id, frame]) => ({ frame, area: areaOf(id) })),
    ports: new Map(ports.map(({ id }) => [id, placed(id).y])),
    lines: pieces.map((piece, index) =>
      lineOf(piece, { sideOf, columns, shift, solved: solution.lines[index] }),
    ),
  };
}

const NOWHERE: Area = { x: 0, y: 0, width: 0, height: 0 };

interface Placing {
  readonly sideOf: (end: PieceEnd, side: 1 | -1) => Point;
  readonly columns: Columns;
  readonly shift: Point;
  readonly solved: Solution["lines"][number] | undefined;
}

function lineOf(piece: Piece, { sideOf, columns, shift, solved }: Placing): Line {
  const here = ({ x, y }: Point): Point => ({ x: x + shift.x, y: y + shift.y });
  const room = piece.label === null ? null : labelSize(piece.label);
  const between = solved ? passages(solved, columns).map(here) : [];
  const label = room && solved?.label ? { ...here(solved.label), ...room } : null;
  return {
    points: [sideOf(piece.from, 1), ...between, sideOf(piece.to, -1)],
    kind: piece.kind,
    arrow: piece.to.item !== null && piece.to.port === "",
    label:
      label && piece.label !== null
        ? { text: shortLabel(piece.label), full: piece.label, area: label }
        : null,
    edges: piece.edges,
  };
}

function heightAt(area: Area, frame: Frame | undefined, port: string): number {
  const height = frame?.ports.get(port);
  return height === undefined ? area.y : area.y - area.height / 2 + height;
}

/** Room that a line takes to each side. */
const LINE_ROOM = 6;

function boundsOf({ items, ports, solution: { middles, lines } }: Parts) {
  const areas = items.map(({ id, width, height }) => ({ ...(middles.get(id) ?? NOWHERE), width, height }));
  const passing = lines.flatMap(({ points }) => points.slice(1, -1));
  const portAt = (side: "in" | "out") =>
    ports.flatMap(({ id, port }) => (port === side ? (middles.get(id) ?? []) : []));
  const [ins, outs] = [portAt("in"), portAt("out")];
  const points = [...passing, ...ins, ...outs];
  const tops = [...areas.map(({ y, height }) => y - height / 2), ...points.map(({ y }) => y - LINE_ROOM)];
  const bottoms = [...areas.map(({ y, height }) => y + height / 2), ...points.map(({ y }) => y + LINE_ROOM)];
  const lefts = [...areas.map(({ x, width }) => x - width / 2), ...ins.map(({ x }) => x)];
  const rights = [...areas.map(({ x, width }) => x + width / 2), ...outs.map(({ x }) => x)];
  return {
    top: least(tops),
    bottom: -least(bottoms.map((y) => -y)),
    left: least(lefts),
    right: -least(rights.map((x) => -x)),
    portsIn: ins.length > 0,
    portsOut: outs.length > 0,
  };
}

/** The least of any number of values; 0 of none. */
function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), values[0] ?? 0);
}
