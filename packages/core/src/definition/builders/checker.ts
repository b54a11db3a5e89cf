import type { CheckerNode } from "../definition.ts";
import type { NodeHandle } from "./handle.ts";
import { nodeHandle } from "./node-handle.ts";
import {
  type OutputNames,
  type OutputOptions,
  outputNames,
  type RunnableOptions,
  written,
} from "./options.ts";

/** What a checker may have beside what every command has. */
export interface CheckerOptions<Outputs extends OutputOptions> extends RunnableOptions<Outputs> {
  /** The least verdict status that fails the task; `never`, the default, keeps the verdict a value. */
  readonly failOn?: CheckerNode["failOn"];
}

/**
 * Judges data or a model: an executor that writes its verdict (JSON) to the output `verdict`, which need not be
 * listed.
 */
export function checker<const Outputs extends OutputOptions = readonly []>(
  name: string,
  options: CheckerOptions<Outputs>,
): NodeHandle<OutputNames<Outputs> | "verdict"> {
  const names: readonly (OutputNames<Outputs> | "verdict")[] = outputNames(options.outputs);
  return nodeHandle(name, {
    builder: checker,
    document: { ...written(options), kind: "checker" },
    outputs: names.includes("verdict") ? names : [...names, "verdict"],
  });
}
