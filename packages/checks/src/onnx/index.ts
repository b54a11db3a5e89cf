export type {
  OnnxArrays,
  OnnxAttribute,
  OnnxElement,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValue,
} from "./model.ts";
export { readOnnx } from "./read-model.ts";
export { type TensorValues, tensorOf } from "./tensor-of.ts";
export { writeOnnx } from "./write-model.ts";
