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
}

/** Stays up and answers predictions. */
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
