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

/** What a checker may have: what every command has, or the checker `check` in place of a command. */
export type CheckerOptions<Outputs extends OutputOptions> = Omit<RunnableOptions<Outputs>, "run"> & {
  /** The least verdict status that fails the task; `never`, the default, keeps the verdict a value. */
  readonly failOn?: CheckerNode["failOn"];
} & (Pick<RunnableOptions<Outputs>, "run"> | { readonly check: string });

/**
 * Judges data or a model: an executor that writes its verdict (JSON) to the output `verdict`, which need not be
 * listed. With `check` it is a checker that is built in, a module or a command: it judges the input `current` by the
 * input `reference`, and may write a page to the output `report`.
 *
 * ```ts
 * import { checker, file } from "@scanflow/core";
 *
 * export const drift = checker("drift", {
 *   check: "drift",
 *   inputs: { reference: file("data/june.csv"), current: file("data/july.csv") },
 *   params: { minimumEffect: 0.2 },
 * });
 * ```
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
