/** Area under the ROC curve: the chance that a positive scores higher than a negative, ties counted half. */
export function auc(scores: Float64Array, positive: (row: number) => boolean): number {
  const order = Array.from(scores.keys()).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let ranks = 0;
  let positives = 0;
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && scores[order[end] ?? 0] === scores[order[start] ?? 0]) end += 1;
    for (let at = start; at < end; at += 1) {
      if (!positive(order[at] ?? 0)) continue;
      positives += 1;
      ranks += (start + end + 1) / 2;
    }
    start = end;
  }
  const negatives = scores.length - positives;
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}
