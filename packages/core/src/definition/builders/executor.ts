import type { NodeHandle } from "./handle.ts";
import { nodeHandle } from "./node-handle.ts";
import {
  type OutputNames,
  type OutputOptions,
  outputNames,
  type RunnableOptions,
  written,
} from "./options.ts";

/**
 * A step: runs a command, a module's function (`step`) or a notebook (`notebook`).
 *
 * ```ts
 * import { executor, file, step } from "@scanflow/core";
 *
 * const split = executor("split", {
 *   run: step("./steps/split.ts"),
 *   inputs: { digits: file("data/digits.csv") },
 *   outputs: ["train", "test"],
 *   params: { share: 0.2 },
 * });
 * export const train = executor("train", {
 *   run: "python train.py {{inputs.data}}",
 *   inputs: { data: split.outputs.train },
 *   outputs: { model: { path: "model.onnx", type: "model" } },
 *   resources: { cpu: 2, memory: "1GiB" },
 * });
 * ```
 */
export function executor<const Outputs extends OutputOptions = readonly []>(
  name: string,
  options: RunnableOptions<Outputs>,
): NodeHandle<OutputNames<Outputs>> {
  return nodeHandle(name, {
    builder: executor,
    document: { kind: "executor", ...written(options) },
    outputs: outputNames(options.outputs),
  });
}
