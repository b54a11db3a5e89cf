interface Size {
  /** Rows and columns of the matrix. */
  readonly size: number;
  readonly outputs: number;
}

/**
 * Makes a symmetric matrix whose lower half is given its Cholesky factor L, the lower triangle of LLᵀ, in place. False,
 * and part of it done, where the matrix is not positive definite.
 */
export function factorCholesky(matrix: Float64Array, size: number): boolean {
  for (let a = 0; a < size; a += 1) {
    for (let b = 0; b <= a; b += 1) {
      let sum = matrix[a * size + b] as number;
      for (let k = 0; k < b; k += 1)
        sum -= (matrix[a * size + k] as number) * (matrix[b * size + k] as number);
      if (a !== b) matrix[a * size + b] = sum / (matrix[b * size + b] as number);
      else if (sum > 1e-13) matrix[a * size + a] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

/** Solves in place for a lower triangle; `right` is size × outputs and becomes the solution. */
export function solveLower(lower: Float64Array, right: Float64Array, { size, outputs }: Size): void {
  for (let output = 0; output < outputs; output += 1) {
    for (let a = 0; a < size; a += 1) {
      let sum = right[a * outputs + output] as number;
      for (let k = 0; k < a; k += 1)
        sum -= (lower[a * size + k] as number) * (right[k * outputs + output] as number);
      right[a * outputs + output] = sum / (lower[a * size + a] as number);
    }
  }
}

/**
 * Solves in place for a symmetric matrix whose lower half is given; `right` is size × outputs and becomes the solution.
 * False, and nothing solved, where the matrix is not positive definite.
 */
export function solveCholesky(matrix: Float64Array, right: Float64Array, { size, outputs }: Size): boolean {
  if (!factorCholesky(matrix, size)) return false;
  solveLower(matrix, right, { size, outputs });
  for (let output = 0; output < outputs; output += 1) {
    for (let a = size - 1; a >= 0; a -= 1) {
      let sum = right[a * outputs + output] as number;
      for (let k = a + 1; k < size; k += 1)
        sum -= (matrix[k * size + a] as number) * (right[k * outputs + output] as number);
      right[a * outputs + output] = sum / (matrix[a * size + a] as number);
    }
  }
  return true;
}
