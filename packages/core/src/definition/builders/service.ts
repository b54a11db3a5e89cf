import type { NodeHandle } from "./handle.ts";
import { nodeHandle } from "./node-handle.ts";
import {
  type OutputNames,
  type OutputOptions,
  outputNames,
  type RunnableOptions,
  written,
} from "./options.ts";

/** What a service may have beside what every command has. */
export interface ServiceOptions<Outputs extends OutputOptions> extends RunnableOptions<Outputs> {
  /** Port on which it answers, 1 to 65535. */
  readonly port?: number;
  /** How many run side by side; 1 by default. */
  readonly replicas?: number;
  /** How many may run side by side where the platform scales it by load; by default as `replicas`. */
  readonly maxReplicas?: number;
  /** Path that answers 200 to 399 once it can be asked; by default it can once its port takes connections. */
  readonly health?: string;
}

/**
 * Stays up and answers predictions, until the run ends. The nodes behind it, and in time all others of the run, find
 * its address in `SCANFLOW_SERVICE_<NAME>`.
 *
 * ```ts
 * import { executor, service } from "@scanflow/core";
 *
 * export const predict = service("predict", { run: "python serve.py", health: "/health" });
 * export const ask = executor("ask", { run: "python ask.py", after: [predict], outputs: ["answers"] });
 * ```
 */
export function service<const Outputs extends OutputOptions = readonly []>(
  name: string,
  options: ServiceOptions<Outputs>,
): NodeHandle<OutputNames<Outputs>> {
  return nodeHandle(name, {
    builder: service,
    document: { ...written(options), kind: "service" },
    outputs: outputNames(options.outputs),
  });
}
