import type { OnnxElement } from "./model.ts";

/** `TensorProto.DataType` (onnx.proto, ONNX 1.17). */
export const ELEMENT_CODES: Readonly<Record<OnnxElement, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
};

export function elementOf(code: number): OnnxElement | undefined {
  return (Object.keys(ELEMENT_CODES) as OnnxElement[]).find((element) => ELEMENT_CODES[element] === code);
}

/** The typed array of each element that is kept as raw bytes. */
export const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
  float16: Uint16Array,
} as const;
