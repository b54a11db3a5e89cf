import { ARRAYS } from "./elements.ts";
import type { OnnxElement, OnnxTensor } from "./model.ts";

/** Typed arrays whose type says what their elements are. */
export type TensorValues = Float32Array | Float64Array | Int32Array | BigInt64Array | readonly string[];

const elements = (["float32", "float64", "int32", "int64"] as const).map(
  (element) => [ARRAYS[element], element] as const,
);

/** A constant of a graph; its elements are those of the array. @param shape empty for a scalar */
export function tensorOf(name: string, shape: readonly number[], values: TensorValues): OnnxTensor {
  const element: OnnxElement = elements.find(([Values]) => values instanceof Values)?.[1] ?? "string";
  return { name, shape, element, values } as OnnxTensor;
}
