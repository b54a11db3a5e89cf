/** How many numbers a tensor of this shape has, such as one row of a tensor column. */
export function tensorSize(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
