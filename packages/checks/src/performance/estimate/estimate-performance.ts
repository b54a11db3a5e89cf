import type { ClassAnswers } from "../../answers/answers.ts";
import { AnswersError } from "../../answers/answers-error.ts";
import type { Estimate } from "../../statistics/interval/estimate.ts";
import { wilson } from "../../statistics/interval/share-interval.ts";
import { type Confusion, classRates, confusionScores } from "../classification/confusion.ts";
import { type Ranking, rankScores } from "../classification/ranking.ts";
import { rocAuc } from "../classification/roc.ts";
import { newcombe } from "../interval/auc-interval.ts";
import { deltaOfConfusion } from "../interval/confusion-interval.ts";
import type { ClassMetric } from "../performance-report.ts";

/** What a classifier's performance should be, judged by its own probabilities. */
export interface EstimatedPerformance {
  readonly rows: number;
  /** How many rows are expected of each class under each prediction. */
  readonly confusion: Confusion;
  readonly metrics: Readonly<Partial<Record<ClassMetric, Estimate>>>;
}

/**
 * Confidence-based performance estimation (CBPE, as in NannyML): without labels, each row counts as each class by the
 * probability of it, and by its weight. The figures are right as far as the probabilities are: calibrate them first on labelled rows
 * (`fitCalibration`). A change of what makes a row positive (concept drift) cannot be seen this way.
 *
 * The intervals tell how far figures of a window of so many rows, labels included, stray from the estimate; not how far
 * the calibration itself may be wrong.
 *
 * @param scores what the rows are ranked by for the area under the ROC curve, where calibration made ties; default: the
 * probabilities of the positive class
 * @throws ChecksError SCANFLOW_ANSWERS_INVALID without probabilities
 */
export function estimatePerformance(
  answers: ClassAnswers,
  { confidence = 0.95, scores }: { readonly confidence?: number; readonly scores?: Float64Array } = {},
): EstimatedPerformance {
  const { rows, classes, positive, predictions, probabilities, weights } = answers;
  if (probabilities === null) {
    throw new AnswersError(
      "",
      'Performance without labels needs probabilities: name their columns in "probabilities".',
    );
  }
  const counts = classes.map((_, truth) => {
    const expected = new Array<number>(classes.length).fill(0);
    const shares = probabilities[truth] as Float64Array;
    for (let row = 0; row < rows; row += 1)
      (expected[predictions[row] as number] as number) += (weights?.[row] ?? 1) * (shares[row] as number);
    return expected;
  });
  const shrink = weights === null ? 1 : sumOf(weights) / sumOf(weights.map((weight) => weight ** 2));
  const effective = weights === null ? rows : shrink * sumOf(weights);
  const metrics: Partial<Record<ClassMetric, Estimate>> = overall(counts, effective, confidence);
  const rates = positive === null ? undefined : classRates(counts)[positive];
  if (rates !== undefined && positive !== null) {
    metrics.precision = wilson(rates.hits * shrink, rates.predicted * shrink, confidence);
    metrics.recall = wilson(rates.hits * shrink, rates.support * shrink, confidence);
    const [f1] = deltaOfConfusion((each) => [each[positive]?.f1 ?? 0], counts, {
      rows: effective,
      confidence,
    });
    if (f1 !== undefined) metrics.f1 = f1;
    if (classes.length === 2) {
      const shares = probabilities[positive] as Float64Array;
      metrics.rocAuc = expectedAuc({ scores: scores ?? shares, shares, weights, shrink }, confidence);
    }
  }
  return { rows, confusion: { classes, counts }, metrics };
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function overall(
  counts: Confusion["counts"],
  rows: number,
  confidence: number,
): Partial<Record<ClassMetric, Estimate>> {
  const [balancedAccuracy, f1Macro] = deltaOfConfusion(
    (rates) => {
      const scores = confusionScores(rates);
      return [scores.balancedAccuracy, scores.f1Macro];
    },
    counts,
    { rows, confidence },
  );
  return {
    accuracy: wilson(confusionScores(classRates(counts)).accuracy * rows, rows, confidence),
    ...(balancedAccuracy && { balancedAccuracy }),
    ...(f1Macro && { f1Macro }),
  };
}

interface Ranked {
  readonly scores: Float64Array;
  /** The chance that a row is positive. */
  readonly shares: Float64Array;
  readonly weights: Float64Array | null;
  /** Effective rows by weight. */
  readonly shrink: number;
}

/** The share of pairs of different rows that the scores order rightly, each pair by the chance that it is one. */
function expectedAuc({ scores, shares, weights, shrink }: Ranked, confidence: number): Estimate {
  const ranking: Ranking = rankScores(scores, shares, weights);
  const { positiveTotal, negativeTotal } = ranking;
  const pairs = positiveTotal * negativeTotal;
  const own = shares.reduce((sum, share, row) => sum + (weights?.[row] ?? 1) ** 2 * share * (1 - share), 0);
  const value = (rocAuc(ranking) * pairs - own / 2) / (pairs - own);
  return newcombe(value, confidence, {
    positives: positiveTotal * shrink,
    negatives: negativeTotal * shrink,
  });
}
