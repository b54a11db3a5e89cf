export type Point = readonly [x: number, y: number];

/** The longest way across squares of side 1 (given by their centres), and the area of their convex hull. */
export function widestAndHull(squares: readonly Point[]): { readonly widest: number; readonly area: number } {
  const corners = squares.flatMap(([x, y]): Point[] => [
    [x - 0.5, y - 0.5],
    [x - 0.5, y + 0.5],
    [x + 0.5, y - 0.5],
    [x + 0.5, y + 0.5],
  ]);
  const hull = convexHull(corners);
  const ways = hull.flatMap((from) => hull.map((to) => Math.hypot(from[0] - to[0], from[1] - to[1])));
  return { widest: Math.max(...ways), area: areaOf(hull) };
}

/** Andrew's monotone chain (1979): the corners of the hull, in turn. */
function convexHull(points: readonly Point[]): Point[] {
  const sorted = points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  return [...chain(sorted), ...chain(sorted.toReversed())];
}

function chain(sorted: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (const point of sorted) {
    for (;;) {
      const [before, last] = kept.slice(-2);
      if (before === undefined || last === undefined || turn(before, last, point) > 0) break;
      kept.pop();
    }
    kept.push(point);
  }
  return kept.slice(0, -1);
}

function turn(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/** The shoelace formula. */
function areaOf(corners: readonly Point[]): number {
  const twice = corners.reduce((sum, [x, y], at) => {
    const [nextX, nextY] = corners[(at + 1) % corners.length] ?? [x, y];
    return sum + x * nextY - nextX * y;
  }, 0);
  return Math.abs(twice) / 2;
}
