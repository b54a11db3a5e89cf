import { type Item, LAYER_GAP, NODE_GAP, type Puzzle, type Solution } from "./puzzle.ts";
import type { Point } from "./route.ts";

/** Most items that stand one above the other; what is more goes into further columns of its layer. */
const COLUMN = 40;

/**
 * Plain layers for large plans, in time proportional to their size: each item stands one layer behind the last of
 * its upstreams, near the middle of them (Sugiyama's barycentre, one sweep); edges run straight between layers.
 */
export function inLayers({ items, edges }: Puzzle): Solution {
  const upstreams = new Map<string, string[]>(items.map(({ id }) => [id, []]));
  for (const { from, to } of edges) upstreams.get(to)?.push(from);
  const columns = columnsOf(layersOf(items, upstreams), upstreams);
  const middles = new Map<string, Point>();
  let left = 0;
  for (const column of columns) {
    const width = Math.max(...column.map((item) => item.width));
    let top = -heightOf(column) / 2;
    for (const item of column) {
      middles.set(item.id, { x: left + width / 2, y: top + item.height / 2 });
      top += item.height + NODE_GAP;
    }
    left += width + LAYER_GAP;
  }
  const sizes = new Map(items.map((item) => [item.id, item]));
  const lines = edges.map(({ from, to, label }) => {
    const start = sideOf(middles, sizes.get(from), 1);
    const end = sideOf(middles, sizes.get(to), -1);
    const middle = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 };
    return { points: [start, middle, end], label: label && middle };
  });
  return { middles, lines };
}

/** Items by layer; ports stand before and behind all others. */
function layersOf(
  items: readonly Item[],
  upstreams: ReadonlyMap<string, readonly string[]>,
): readonly (readonly Item[])[] {
  const depths = new Map<string, number>();
  const ports = new Map(items.map(({ id, port }) => [id, port]));
  for (const { id } of items) measure(id);
  const layers: Item[][] = [];
  const last = Math.max(0, ...depths.values()) + 1;
  for (const item of items) {
    const layer = item.port === "out" ? last : (depths.get(item.id) ?? 0);
    layers[layer] ??= [];
    layers[layer].push(item);
  }
  return layers.filter((layer) => layer.length > 0);

  function measure(start: string): void {
    const open = [start];
    for (let id = open.at(-1); id !== undefined; id = open.at(-1)) {
      const before = upstreams.get(id) ?? [];
      const unknown = depths.has(id) ? [] : before.filter((each) => !depths.has(each));
      if (unknown.length > 0) {
        open.push(...unknown);
        continue;
      }
      const deepest = Math.max(0, ...before.map((each) => depths.get(each) ?? 0));
      depths.set(id, ports.get(id) === "in" ? 0 : deepest + 1);
      open.pop();
    }
  }
}

function columnsOf(
  layers: readonly (readonly Item[])[],
  upstreams: ReadonlyMap<string, readonly string[]>,
): readonly (readonly Item[])[] {
  const heights = new Map<string, number>();
  return layers.flatMap((layer) => {
    const wished = layer.map((item, index) => {
      const before = (upstreams.get(item.id) ?? []).flatMap((id) => heights.get(id) ?? []);
      const sum = before.reduce((total, height) => total + height, 0);
      return { item, index, height: before.length > 0 ? sum / before.length : 0.5 };
    });
    wished.sort((a, b) => a.height - b.height || a.index - b.index);
    for (const [index, { item }] of wished.entries()) heights.set(item.id, (index + 0.5) / wished.length);
    const count = Math.ceil(wished.length / COLUMN);
    return Array.from({ length: count }, (_, column) =>
      wished.filter((_each, index) => index % count === column).map(({ item }) => item),
    );
  });
}

function heightOf(column: readonly Item[]): number {
  return column.reduce((sum, { height }) => sum + height, 0) + NODE_GAP * (column.length - 1);
}

function sideOf(middles: ReadonlyMap<string, Point>, item: Item | undefined, side: 1 | -1): Point {
  const middle = (item && middles.get(item.id)) ?? { x: 0, y: 0 };
  return { x: middle.x + (side * (item?.width ?? 0)) / 2, y: middle.y };
}
