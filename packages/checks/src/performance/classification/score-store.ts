import { type Ranking, rankScores } from "./ranking.ts";

const BINS = 4_096;

/** The scores of one class against the others, while rows come in. */
export interface ScoreStore {
  add(score: number, positive: boolean, weight: number): void;
  finish(): {
    readonly ranking: Ranking;
    readonly exact: boolean;
    readonly effective: { positives: number; negatives: number };
  };
}

/**
 * Keeps `limit` scores as they are; with more, bins are cut at quantiles of those seen so far and all later scores are
 * only counted in them, so that memory stays flat.
 */
export function createScoreStore(limit: number): ScoreStore {
  let scores = new Float64Array(1_024);
  let shares = new Float64Array(1_024);
  let weights = new Float64Array(1_024);
  let rows = 0;
  let bins: Bins | null = null;
  const totals = { positive: 0, positiveSquares: 0, negative: 0, negativeSquares: 0 };

  function add(score: number, positive: boolean, weight: number): void {
    if (positive) {
      totals.positive += weight;
      totals.positiveSquares += weight * weight;
    } else {
      totals.negative += weight;
      totals.negativeSquares += weight * weight;
    }
    if (bins === null && rows >= limit) bins = cutBins(kept());
    if (bins !== null) return count(bins, score, positive ? weight : 0, positive ? 0 : weight);
    if (rows === scores.length) {
      scores = grown(scores);
      shares = grown(shares);
      weights = grown(weights);
    }
    scores[rows] = score;
    shares[rows] = Number(positive);
    weights[rows] = weight;
    rows += 1;
  }

  function kept(): Ranking {
    return rankScores(scores.subarray(0, rows), shares, weights);
  }

  function finish(): ReturnType<ScoreStore["finish"]> {
    const effective = {
      positives: totals.positive ** 2 / totals.positiveSquares || 0,
      negatives: totals.negative ** 2 / totals.negativeSquares || 0,
    };
    return { ranking: bins === null ? kept() : rankBins(bins), exact: bins === null, effective };
  }

  return { add, finish };
}

interface Bins {
  /** Rising: the least score of each bin. */
  readonly edges: Float64Array;
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

function cutBins({ scores, positives, negatives }: Ranking): Bins {
  const rising = scores.slice().reverse();
  const size = Math.min(BINS, rising.length);
  const edges = Float64Array.from(
    { length: size },
    (_, bin) => rising[Math.floor((bin * rising.length) / size)] as number,
  );
  const bins = { edges, positives: new Float64Array(size), negatives: new Float64Array(size) };
  for (let step = 0; step < scores.length; step += 1) {
    count(bins, scores[step] as number, positives[step] as number, negatives[step] as number);
  }
  return bins;
}

function count(bins: Bins, score: number, positive: number, negative: number): void {
  let low = 0;
  let high = bins.edges.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (score < (bins.edges[middle] as number)) high = middle;
    else low = middle;
  }
  (bins.positives[low] as number) += positive;
  (bins.negatives[low] as number) += negative;
}

function rankBins({ edges, positives, negatives }: Bins): Ranking {
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  return {
    scores: edges.slice().reverse(),
    positives: positives.slice().reverse(),
    negatives: negatives.slice().reverse(),
    positiveTotal: sum(positives),
    negativeTotal: sum(negatives),
  };
}

function grown(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2);
  larger.set(values);
  return larger;
}
