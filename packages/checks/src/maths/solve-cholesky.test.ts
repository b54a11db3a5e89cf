import fc from "fast-check";
import { expect, test } from "vitest";
import { solveCholesky } from "./solve-cholesky.ts";

test("what it solves is solved: the matrix times the answer is the right side, for each output", () => {
  const systems = fc.integer({ min: 1, max: 6 }).chain((size) => {
    const numbers = (count: number) =>
      fc.array(fc.integer({ min: -9, max: 9 }), { minLength: count, maxLength: count });
    return fc.tuple(fc.constant(size), numbers(size * size), numbers(size * 2));
  });
  fc.assert(
    fc.property(systems, ([size, root, wanted]) => {
      const matrix = new Float64Array(size * size);
      // M Mᵀ + 1 is positive definite.
      for (let a = 0; a < size; a += 1) {
        for (let b = 0; b < size; b += 1) {
          let sum = a === b ? 1 : 0;
          for (let k = 0; k < size; k += 1)
            sum += (root[a * size + k] as number) * (root[b * size + k] as number);
          matrix[a * size + b] = sum;
        }
      }
      const answer = Float64Array.from(wanted);
      expect(solveCholesky(matrix.slice(), answer, { size, outputs: 2 })).toBe(true);
      for (let a = 0; a < size; a += 1) {
        for (let output = 0; output < 2; output += 1) {
          let product = 0;
          for (let k = 0; k < size; k += 1)
            product += (matrix[a * size + k] as number) * (answer[k * 2 + output] as number);
          expect(product).toBeCloseTo(wanted[a * 2 + output] as number, 6);
        }
      }
    }),
  );
});

test("a matrix that is not positive definite is not solved, and the right side is left as it was", () => {
  for (const matrix of [Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1, 1, 1), new Float64Array(4)]) {
    const right = Float64Array.of(3, 4);
    expect(solveCholesky(matrix, right, { size: 2, outputs: 1 })).toBe(false);
    expect(right).toEqual(Float64Array.of(3, 4));
  }
});
