import { normalQuantile } from "../../maths/normal.ts";
import type { Estimate } from "../../statistics/interval/estimate.ts";
import type { Ranking } from "../classification/ranking.ts";
import { rocAuc } from "../classification/roc.ts";

/** How many rows of equal weight tell as much as the rows of each class; default: their weights. */
export interface EffectiveRows {
  readonly positives: number;
  readonly negatives: number;
}

/**
 * The area under the ROC curve with DeLong's variance (DeLong et al. 1988, by ranks as in Sun and Xu 2014), its
 * interval on the logit scale so that it stays within 0 and 1. An area of 0 or 1, whose variance is 0, has Newcombe's
 * interval instead (2006, method 5).
 */
export function aucEstimate(
  ranking: Ranking,
  confidence = 0.95,
  effective: EffectiveRows = { positives: ranking.positiveTotal, negatives: ranking.negativeTotal },
): Estimate {
  const value = rocAuc(ranking);
  const { positives: m, negatives: n } = effective;
  if (Number.isNaN(value)) return { value, low: 0, high: 1, standardError: Number.NaN, method: "delong" };
  const variance = delongVariance(ranking, value, effective);
  if (!(variance > 0) || m < 2 || n < 2 || value <= 0 || value >= 1)
    return newcombe(value, confidence, effective);
  const standardError = Math.sqrt(variance);
  const logit = Math.log(value / (1 - value));
  const half = (normalQuantile(confidence) * standardError) / (value * (1 - value));
  const back = (x: number) => 1 / (1 + Math.exp(-x));
  return { value, low: back(logit - half), high: back(logit + half), standardError, method: "delong" };
}

function delongVariance(
  { positives, negatives, positiveTotal, negativeTotal }: Ranking,
  auc: number,
  { positives: m, negatives: n }: EffectiveRows,
): number {
  let above = 0;
  let passed = 0;
  let ofPositives = 0;
  let ofNegatives = 0;
  for (let step = 0; step < positives.length; step += 1) {
    const p = positives[step] as number;
    const q = negatives[step] as number;
    const beaten = (negativeTotal - passed - q / 2) / negativeTotal;
    const beating = (above + p / 2) / positiveTotal;
    ofPositives += p * (beaten - auc) ** 2;
    ofNegatives += q * (beating - auc) ** 2;
    above += p;
    passed += q;
  }
  return ofPositives / positiveTotal / (m - 1) + ofNegatives / negativeTotal / (n - 1);
}

/**
 * Newcombe's interval of an area under the curve, from the numbers of rows alone (Newcombe 2006, Statistics in
 * Medicine 25:559, method 5): the areas that are within z of their own standard error, Hanley and McNeil's.
 */
export function newcombe(
  value: number,
  confidence: number,
  { positives, negatives }: EffectiveRows,
): Estimate {
  const z = normalQuantile(confidence);
  const spread = (auc: number) => {
    const more = (positives + negatives) / 2 - 1;
    const shape = 1 + more * ((1 - auc) / (2 - auc) + auc / (1 + auc));
    return Math.sqrt(Math.max(0, (auc * (1 - auc) * shape) / (positives * negatives)));
  };
  const edge = (end: number) => {
    let inside = value;
    let outside = end;
    for (let step = 0; step < 60; step += 1) {
      const middle = (inside + outside) / 2;
      if (Math.abs(middle - value) <= z * spread(middle)) inside = middle;
      else outside = middle;
    }
    return inside;
  };
  const low = value <= 0 ? 0 : edge(0);
  const high = value >= 1 ? 1 : edge(1);
  return {
    value,
    low,
    high,
    standardError: Math.max(spread(value), (high - low) / (2 * z)),
    method: "newcombe",
  };
}
