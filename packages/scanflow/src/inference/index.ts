export { createOnnxRuntime, type InferenceOptions, type ThreadedRuntime } from "./create-onnx-runtime.ts";
