import { readFile } from "node:fs/promises";
import {
  onnxPredictor,
  type Predict,
  readLightgbm,
  readOnnxTrees,
  type TreeEnsemble,
} from "@scanflow/checks/explain";
import { readOnnx } from "@scanflow/checks/onnx";
import { ScanflowError } from "@scanflow/core";
import { inFile } from "../data/index.ts";
import { createOnnxRuntime } from "../inference/index.ts";

/** A model to explain: trees, which are explained exactly, or any other that ONNX Runtime computes. */
export type OpenModel =
  | { readonly kind: "trees"; readonly model: TreeEnsemble; close(): Promise<void> }
  | {
      readonly kind: "network";
      readonly predict: Predict;
      readonly features: number | null;
      close(): Promise<void>;
    };

/**
 * Opens LightGBM's text or an ONNX file, told apart by what is in it.
 *
 * @throws ScanflowError SCANFLOW_EXPLAIN_MODEL when it is neither, or cannot be read; ChecksError SCANFLOW_TREES_INVALID,
 * SCANFLOW_ONNX_INVALID, SCANFLOW_PREDICTOR_INVALID when it is damaged or of a kind that is not read
 */
export async function openModel(path: string): Promise<OpenModel> {
  const bytes = await readModel(path);
  return inFile(path, () => openBytes(path, bytes));
}

async function openBytes(path: string, bytes: Buffer): Promise<OpenModel> {
  const close = () => Promise.resolve();
  const start = bytes.subarray(0, 200).toString("utf8");
  if (/^tree\s*$/m.test(start)) return { kind: "trees", model: readLightgbm(bytes.toString("utf8")), close };
  if (/^\s*[[{]/.test(start) || /^\s*$/.test(start)) {
    throw wrongModel(path, "is neither LightGBM's text nor an ONNX file");
  }
  const onnx = readOnnx(bytes);
  const hasTrees = onnx.graph.nodes.some(
    ({ op, domain }) => domain === "ai.onnx.ml" && op.startsWith("TreeEnsemble"),
  );
  if (hasTrees) return { kind: "trees", model: readOnnxTrees(bytes), close };
  const runtime = createOnnxRuntime();
  try {
    const session = await runtime.open(bytes);
    return { kind: "network", ...onnxPredictor(session, onnx), close: () => runtime.close() };
  } catch (error) {
    await runtime.close();
    throw error;
  }
}

async function readModel(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    throw wrongModel(path, code === "ENOENT" ? "is not there" : `cannot be read (${code})`, cause);
  }
}

function wrongModel(path: string, found: string, cause?: unknown): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_EXPLAIN_MODEL",
    `The model "${path}" ${found}. Name a file of LightGBM's save_model, or an ONNX file.`,
    cause === undefined ? {} : { cause },
  );
}
