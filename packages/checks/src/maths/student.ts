import { incompleteBeta } from "./incomplete-beta.ts";

/** How likely |T| ≥ |t| is for Student's T: the two-sided p value. @param degreesOfFreedom above 0 */
export function studentTail(t: number, degreesOfFreedom: number): number {
  return incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
}

/** The t with |T| ≤ t in a share `confidence` of all draws: 12.71 for .95 and one degree of freedom. */
export function studentQuantile(confidence: number, degreesOfFreedom: number): number {
  let low = 0;
  let high = 1;
  while (studentTail(high, degreesOfFreedom) > 1 - confidence) {
    low = high;
    high *= 2;
  }
  while (high - low > 1e-14 * high) {
    const middle = (low + high) / 2;
    if (studentTail(middle, degreesOfFreedom) > 1 - confidence) low = middle;
    else high = middle;
  }
  return high;
}
