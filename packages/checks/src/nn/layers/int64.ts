/** Axes, shapes and other whole numbers as ONNX wants them. */
export function int64(...values: readonly number[]): BigInt64Array {
  return BigInt64Array.from(values, BigInt);
}
