import * as ort from "onnxruntime-node";
import { onnxRuntimeOf } from "../onnx/runtime-of.ts";

/** ONNX Runtime in the test's own thread. */
export const runtime = onnxRuntimeOf(ort as never);
