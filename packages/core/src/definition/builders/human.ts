import type { NodeHandle } from "./handle.ts";
import { nodeHandle } from "./node-handle.ts";
import {
  type InputOptions,
  type OutputNames,
  type OutputOptions,
  outputNames,
  type SharedOptions,
  written,
} from "./options.ts";

/** What a person is asked, and shown. */
export interface ApprovalOptions extends SharedOptions {
  /** What the person is asked. */
  readonly message?: string;
  /** Artifacts shown to the person. */
  readonly inputs?: InputOptions;
}

/** Waits until a person says yes or no (`scanflow approve`). */
export function approval(name: string, options: ApprovalOptions = {}): NodeHandle<never> {
  return nodeHandle(name, {
    builder: approval,
    document: { ...written(options), kind: "approval" },
    outputs: [],
  });
}

/** What a person is asked to label, and what comes of it. */
export interface LabelingOptions<Outputs extends OutputOptions> extends ApprovalOptions {
  /** Artifacts that hold the labels. */
  readonly outputs?: Outputs;
}

/** Waits for a person's labels. */
export function labeling<const Outputs extends OutputOptions = readonly []>(
  name: string,
  options: LabelingOptions<Outputs> = {},
): NodeHandle<OutputNames<Outputs>> {
  return nodeHandle(name, {
    builder: labeling,
    document: { ...written(options), kind: "labeling" },
    outputs: outputNames(options.outputs),
  });
}
