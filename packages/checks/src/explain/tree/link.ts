/** The function from a model's score to what it answers, such as a probability. */
export type Link =
  | { readonly kind: "identity" | "softmax" | "exponential" | "softplus" | "signed-square" }
  | { readonly kind: "sigmoid"; readonly steepness: number };

/** Turns the scores of one row into its answer, in place. */
export function applyLink(link: Link, row: Float64Array): void {
  if (link.kind === "softmax") return softmax(row);
  const one = oneOf(link);
  for (let at = 0; at < row.length; at += 1) row[at] = one(row[at] as number);
}

function oneOf(link: Exclude<Link, { kind: "softmax" }> | Link): (score: number) => number {
  switch (link.kind) {
    case "sigmoid":
      return (score) => 1 / (1 + Math.exp(-link.steepness * score));
    case "exponential":
      return Math.exp;
    case "softplus":
      return (score) => Math.log1p(Math.exp(score));
    case "signed-square":
      return (score) => Math.sign(score) * score * score;
    default:
      return (score) => score;
  }
}

function softmax(row: Float64Array): void {
  const highest = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (let at = 0; at < row.length; at += 1) {
    row[at] = Math.exp((row[at] as number) - highest);
    sum += row[at] as number;
  }
  for (let at = 0; at < row.length; at += 1) row[at] = (row[at] as number) / sum;
}
