import { chiSquareTail } from "./incomplete-gamma.ts";

/** How likely |Z| ≥ |z| is for a standard normal Z: the two-sided p value. */
export function normalTail(z: number): number {
  return chiSquareTail(z * z, 1);
}

/** The chance that a standard normal lies below z. */
export function normalBelow(z: number): number {
  const half = normalTail(z) / 2;
  return z < 0 ? half : 1 - half;
}

/** The z with |Z| ≤ z in a share `confidence` of all draws: 1.96 for .95. */
export function normalQuantile(confidence: number): number {
  let z = 1;
  for (let step = 0; step < 60; step += 1) {
    const density = Math.sqrt(2 / Math.PI) * Math.exp((-z * z) / 2);
    const next = z + (normalTail(z) - (1 - confidence)) / density;
    if (Math.abs(next - z) < 1e-13) return next;
    z = Math.min(Math.max(next, z / 2), z + 1);
  }
  return z;
}
