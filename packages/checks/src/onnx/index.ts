export { createGraph, type GraphBuilder, modelOf } from "./graph-builder.ts";
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
export type {
  OnnxRuntime,
  OnnxSession,
  OpenOptions,
  RunOptions,
  RuntimeTensor,
  RuntimeTensors,
} from "./runtime.ts";
export { type OrtLibrary, onnxRuntimeOf, type RuntimeOptions } from "./runtime-of.ts";
export { type TensorValues, tensorOf } from "./tensor-of.ts";
export { writeOnnx } from "./write-model.ts";
