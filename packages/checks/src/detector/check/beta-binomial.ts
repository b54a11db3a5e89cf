import { logGamma } from "../../maths/log-gamma.ts";

/**
 * The chance that `count` or more of `rows` rows lie above a threshold that is an order statistic of `heldOut` other
 * rows of the same kind, `above` of which lie above it: P(X ≥ count), X beta-binomial with α = above, β = heldOut + 1 −
 * above. It is the exact binomial test, made honest about a threshold that was itself estimated (Wilks, Annals of
 * Mathematical Statistics 1942).
 */
export function exceedanceChance(
  count: number,
  { rows, heldOut, above }: { readonly rows: number; readonly heldOut: number; readonly above: number },
): number {
  if (count <= 0) return 1;
  const alpha = Math.max(1e-9, above);
  const beta = heldOut + 1 - above;
  let term = Math.exp(
    logChoose(rows, count) + logBeta(count + alpha, rows - count + beta) - logBeta(alpha, beta),
  );
  let sum = 0;
  for (let at = count; at <= rows; at += 1) {
    sum += term;
    term *= ((rows - at) / (at + 1)) * ((at + alpha) / (rows - at - 1 + beta));
    if (term < 1e-17 * sum) break;
  }
  return Math.min(1, sum);
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}
