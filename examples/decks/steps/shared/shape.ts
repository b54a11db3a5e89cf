import { type Point, widestAndHull } from "./hull.ts";
import { SIDE } from "./image-table.ts";

/** What the decks say of leaves, for any shape; each is 0 for a disc and comes near 1 for what is least like one. */
export interface Shape {
  /** Of the ellipse with the same second moments: `√(1 − minor² / major²)`. */
  readonly eccentricity: number;
  /** `1 − 2r / d`: r is the radius of the largest circle inside, d the longest way across. */
  readonly elongation: number;
  /** Area over the area of the convex hull; 1 when nothing is bent inwards. */
  readonly solidity: number;
}

export const FEATURES = ["eccentricity", "elongation", "solidity"] as const satisfies (keyof Shape)[];

/** A pixel belongs to the shape from half the ink on. */
const THRESHOLD = 8;

/** Measures what is drawn on an 8 × 8 image, each pixel a square with sides of length 1. */
export function shapeOf(pixels: ArrayLike<number>): Shape {
  const squares: Point[] = [];
  for (let at = 0; at < SIDE * SIDE; at += 1) {
    if ((pixels[at] ?? 0) >= THRESHOLD) squares.push([at % SIDE, Math.floor(at / SIDE)]);
  }
  if (squares.length === 0) return { eccentricity: 0, elongation: 0, solidity: 0 };
  const { widest, area } = widestAndHull(squares);
  return {
    eccentricity: eccentricityOf(squares),
    elongation: 1 - (2 * largestRadius(squares)) / widest,
    solidity: squares.length / area,
  };
}

function eccentricityOf(squares: readonly Point[]): number {
  const mean = (axis: 0 | 1) => squares.reduce((sum, square) => sum + square[axis], 0) / squares.length;
  const [centreX, centreY] = [mean(0), mean(1)];
  // A square of side 1 has the second moment 1/12 about its own centre.
  let [xx, xy, yy] = [1 / 12, 0, 1 / 12];
  for (const [x, y] of squares) {
    xx += (x - centreX) ** 2 / squares.length;
    xy += ((x - centreX) * (y - centreY)) / squares.length;
    yy += (y - centreY) ** 2 / squares.length;
  }
  const spread = Math.hypot((xx - yy) / 2, xy);
  const middle = (xx + yy) / 2;
  return Math.sqrt((2 * spread) / (middle + spread));
}

/** The longest way from the centre of a square of the shape to the nearest point outside. */
function largestRadius(squares: readonly Point[]): number {
  const inside = new Set(squares.map(([x, y]) => `${x},${y}`));
  const outside: Point[] = [];
  for (let y = -1; y <= SIDE; y += 1) {
    for (let x = -1; x <= SIDE; x += 1) if (!inside.has(`${x},${y}`)) outside.push([x, y]);
  }
  const room = (square: Point) => Math.min(...outside.map((other) => gap(square, other)));
  return Math.max(...squares.map(room));
}

/** From the centre of one square to the nearest point of another. */
function gap([x, y]: Point, [otherX, otherY]: Point): number {
  return Math.hypot(Math.max(Math.abs(x - otherX) - 0.5, 0), Math.max(Math.abs(y - otherY) - 0.5, 0));
}
