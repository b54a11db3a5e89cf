/** How many numbers one row of a tensor column has. */
export function tensorSize(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
