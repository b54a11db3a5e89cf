import type { Puzzle, Solution, SolvedLine } from "./puzzle.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The half width of each column of items or labels, by its middle. */
export type Columns = ReadonlyMap<number, number>;

/** How far from a column's sides a line that passes it is level already. */
const CLEARANCE = 6;

export function columnsOf({ items, edges }: Puzzle, { middles, lines }: Solution): Columns {
  const columns = new Map<number, number>();
  for (const { id, width } of items) {
    const x = columnAt(middles.get(id)?.x ?? 0);
    columns.set(x, Math.max(columns.get(x) ?? 0, width / 2 + CLEARANCE));
  }
  for (const [index, { label }] of lines.entries()) {
    if (label === null) continue;
    const x = columnAt(label.x);
    columns.set(x, Math.max(columns.get(x) ?? 0, (edges[index]?.label?.width ?? 0) / 2));
  }
  return columns;
}

/**
 * Where a line has to pass on its way: level beside each column that it crosses. What it does between the columns is
 * left to the curve.
 */
export function passages({ points }: SolvedLine, columns: Columns): readonly Point[] {
  return points.slice(1, -1).flatMap(({ x, y }) => {
    const half = columns.get(columnAt(x));
    if (half === undefined) return [];
    return [
      { x: x - half, y },
      { x: x + half, y },
    ];
  });
}

function columnAt(x: number): number {
  return Math.round(x);
}

/**
 * An SVG path from the start by way of the passages to the end: level within each passage, and between them a cubic
 * curve that is level at both ends, so that it stays in its gap and arrives the way its arrow points.
 */
export function curve(points: readonly Point[]): string {
  const [start] = points;
  if (!start) return "";
  return points.reduce(
    (path, to, index) => {
      const from = points[index - 1];
      if (!from || (from.x === to.x && from.y === to.y)) return path;
      if (index % 2 === 0 || from.y === to.y) return `${path}L${text(to)}`;
      const middle = round((from.x + to.x) / 2);
      return `${path}C${middle} ${round(from.y)} ${middle} ${round(to.y)} ${text(to)}`;
    },
    `M${text(start)}`,
  );
}

function text({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

/** Two decimals are enough for a picture, and keep it small. */
export function round(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}
