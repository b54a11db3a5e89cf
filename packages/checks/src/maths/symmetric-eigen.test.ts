import fc from "fast-check";
import { expect, test } from "vitest";
import { symmetricEigen } from "./symmetric-eigen.ts";

test("values fall, vectors are orthonormal and give the matrix back", () => {
  const sizes = fc.integer({ min: 1, max: 8 });
  const matrices = sizes.chain((size) =>
    fc.tuple(
      fc.constant(size),
      fc.array(fc.integer({ min: -9, max: 9 }), { minLength: size ** 2, maxLength: size ** 2 }),
    ),
  );
  fc.assert(
    fc.property(matrices, ([size, numbers]) => {
      const matrix = new Float64Array(size * size);
      for (let i = 0; i < size; i += 1) {
        for (let j = 0; j < size; j += 1) {
          matrix[i * size + j] = (numbers[i * size + j] as number) + (numbers[j * size + i] as number);
        }
      }
      const { values, vectors } = symmetricEigen(matrix, size);
      const at = (i: number, k: number) => vectors[i * size + k] as number;
      for (let i = 0; i < size; i += 1) {
        if (i > 0) expect(values[i]).toBeLessThanOrEqual(values[i - 1] as number);
        for (let j = 0; j < size; j += 1) {
          let [restored, product] = [0, 0];
          for (let k = 0; k < size; k += 1) {
            restored += at(i, k) * (values[k] as number) * at(j, k);
            product += at(k, i) * at(k, j);
          }
          expect(restored).toBeCloseTo(matrix[i * size + j] as number, 9);
          expect(product).toBeCloseTo(i === j ? 1 : 0, 9);
        }
      }
    }),
  );
});
