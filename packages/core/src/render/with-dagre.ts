import { Graph, layout } from "@dagrejs/dagre";
import { LAYER_GAP, NODE_GAP, type Puzzle, type Solution } from "./puzzle.ts";
import type { Point } from "./route.ts";

interface PlacedNode {
  readonly width: number;
  readonly height: number;
  x?: number;
  y?: number;
}

interface PlacedEdge {
  width?: number;
  height?: number;
  labelpos?: "c";
  minlen?: number;
  weight?: number;
  points?: Point[];
  x?: number;
  y?: number;
}

/** Keeps a branch near its choice, however many follow it. */
const LABELLED = 6;

const START = "start";
const END = "end";

/** Dagre's layered layout. Ports are held at the far ends by invisible nodes before and behind everything. */
export function withDagre({ items, edges }: Puzzle): Solution {
  const graph = new Graph<object, PlacedNode, PlacedEdge>({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: NODE_GAP, edgesep: NODE_GAP, ranksep: LAYER_GAP });
  for (const { id, width, height } of items) graph.setNode(id, { width, height });
  for (const [index, { from, to, label }] of edges.entries()) {
    graph.setEdge(from, to, label ? { ...label, labelpos: "c", weight: LABELLED } : {}, String(index));
  }
  holdPorts(graph, { items, edges });
  layout(graph);
  const middles = new Map(items.map(({ id }): [string, Point] => [id, pointOf(graph.node(id), 1)]));
  const up = isUpsideDown(middles) ? -1 : 1;
  return {
    middles: new Map([...middles].map(([id, middle]) => [id, pointOf(middle, up)])),
    lines: edges.map(({ from, to, label }, index) => {
      const edge = graph.edge(from, to, String(index));
      const points = (edge.points ?? []).map((point: Point) => pointOf(point, up));
      return { points, label: label && pointOf(edge, up) };
    }),
  };
}

function pointOf({ x = 0, y = 0 }: Partial<Point>, up: 1 | -1): Point {
  return { x, y: y * up };
}

/** Dagre minds crossings and not the order in which nodes were written; its mirror image has as few. */
function isUpsideDown(middles: ReadonlyMap<string, Point>): boolean {
  const lowest = new Map<number, number>();
  let turned = 0;
  for (const { x, y } of middles.values()) {
    const before = lowest.get(x);
    if (before !== undefined) turned += y < before ? 1 : -1;
    lowest.set(x, y);
  }
  return turned > 0;
}

function holdPorts(graph: Graph<object, PlacedNode, PlacedEdge>, { items, edges }: Puzzle): void {
  const led = new Set(edges.map(({ to }) => to));
  const followed = new Set(edges.map(({ from }) => from));
  const [ins, outs] = [items.some(({ port }) => port === "in"), items.some(({ port }) => port === "out")];
  if (ins) graph.setNode(START, { width: 0, height: 0 });
  if (outs) graph.setNode(END, { width: 0, height: 0 });
  for (const { id, port } of items) {
    const edge = port ? { minlen: 1, weight: 8 } : { minlen: 2, weight: 0 };
    if (ins && !led.has(id)) graph.setEdge(START, id, edge, "held");
    if (outs && !followed.has(id)) graph.setEdge(id, END, edge, "held");
  }
}
