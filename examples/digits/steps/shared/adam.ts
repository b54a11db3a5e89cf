/** Moves parameters down a gradient, in place. */
export type Optimiser = (parameters: Float64Array, gradient: Float64Array) => void;

/** Adam (Kingma and Ba 2015) with its usual moments 0.9 and 0.999. */
export function createAdam(size: number, learningRate: number): Optimiser {
  const mean = new Float64Array(size);
  const square = new Float64Array(size);
  let meanLeft = 1;
  let squareLeft = 1;
  return (parameters, gradient) => {
    meanLeft *= 0.9;
    squareLeft *= 0.999;
    for (let i = 0; i < size; i += 1) {
      const slope = gradient[i] as number;
      mean[i] = 0.9 * (mean[i] as number) + 0.1 * slope;
      square[i] = 0.999 * (square[i] as number) + 0.001 * slope * slope;
      const step = (mean[i] as number) / (1 - meanLeft);
      const spread = Math.sqrt((square[i] as number) / (1 - squareLeft));
      parameters[i] = (parameters[i] as number) - (learningRate * step) / (spread + 1e-8);
    }
  };
}
