/** Spearman's rank correlation, ties at their mean rank; null below three pairs or when one side is constant. */
export function rankCorrelation(pairs: readonly (readonly [number, number])[]): number | null {
  if (pairs.length < 3) return null;
  const x = ranks(pairs.map(([value]) => value));
  const y = ranks(pairs.map(([, value]) => value));
  const mean = (pairs.length - 1) / 2;
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let at = 0; at < pairs.length; at += 1) {
    const dx = (x[at] as number) - mean;
    const dy = (y[at] as number) - mean;
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy);
}

function ranks(values: readonly number[]): Float64Array {
  const order = values.map((_, at) => at).sort((a, b) => (values[a] as number) - (values[b] as number));
  const ranked = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end] as number] === values[order[start] as number]) end += 1;
    for (let at = start; at < end; at += 1) ranked[order[at] as number] = (start + end - 1) / 2;
    start = end;
  }
  return ranked;
}
