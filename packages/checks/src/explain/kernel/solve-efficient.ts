import { ChecksError } from "../../errors.ts";
import { solveCholesky } from "../../maths/solve-cholesky.ts";
import type { Coalitions } from "./coalitions.ts";

/**
 * Weighted least squares for an additive game, under the condition that the contributions add up to `total`: the
 * last player's is what the others leave (Lundberg and Lee 2017; shap 0.51, `KernelExplainer.solve`).
 *
 * @param outputs how many games are solved on the same coalitions
 * @param gains what each coalition gains over the empty one: coalitions × outputs
 * @param totals what all players together gain: one per output
 * @returns players × outputs
 */
export function solveEfficient(
  { players, masks, weights }: Coalitions,
  { gains, totals }: { readonly gains: Float64Array; readonly totals: Float64Array },
): Float64Array {
  const outputs = totals.length;
  const size = players - 1;
  const gram = new Float64Array(size * size);
  const right = new Float64Array(size * outputs);
  const row = new Float64Array(size);
  for (let at = 0; at < weights.length; at += 1) {
    const weight = weights[at] as number;
    const last = masks[at * players + size] as number;
    for (let player = 0; player < size; player += 1)
      row[player] = (masks[at * players + player] as number) - last;
    for (let a = 0; a < size; a += 1) {
      const scaled = weight * (row[a] as number);
      if (scaled === 0) continue;
      for (let b = 0; b <= a; b += 1)
        gram[a * size + b] = (gram[a * size + b] as number) + scaled * (row[b] as number);
      for (let output = 0; output < outputs; output += 1) {
        const gain = (gains[at * outputs + output] as number) - last * (totals[output] as number);
        right[a * outputs + output] = (right[a * outputs + output] as number) + scaled * gain;
      }
    }
  }
  if (!solveCholesky(gram, right, { size, outputs })) throw tooFew();
  const solution = new Float64Array(players * outputs);
  solution.set(right);
  for (let output = 0; output < outputs; output += 1) {
    let rest = totals[output] as number;
    for (let player = 0; player < size; player += 1) rest -= right[player * outputs + output] as number;
    solution[size * outputs + output] = rest;
  }
  return solution;
}

function tooFew(): ChecksError {
  return new ChecksError(
    "SCANFLOW_CHECK_OPTION_INVALID",
    'kernelShap: "samples" is too small to tell the features apart: raise it, or leave it out.',
  );
}
