import type { NodeDocument, WorkflowDocument } from "../document/document.ts";
import type { ParamSpecs } from "./param.ts";
import type { ExpressionValue, OutputReferences } from "./reference.ts";

/** What the builder of a node gives: its document, and typed references to what it will produce. */
export interface NodeHandle<Outputs extends string = string> {
  readonly name: string;
  /** What would stand in `scanflow.yaml` under the name. */
  readonly document: Exclude<NodeDocument, NodeDocument<"tracker">>;
  /** Its outputs, as values for the inputs of other nodes. */
  readonly outputs: OutputReferences<Outputs>;
  /** How it ended: `succeeded`, `failed`, `skipped`, … */
  readonly status: ExpressionValue<string>;
  /** The nested workflow; null for other kinds. */
  readonly workflow: WorkflowHandle | null;
  /** A small value that it wrote to its result, by its keys: `evaluate.result("accuracy")`. */
  result(...keys: readonly string[]): ExpressionValue<never>;
  /** The last value of a metric that it logged. */
  metric(name: string): ExpressionValue<number>;
}

/** What the builder `tracker` gives. */
export interface TrackerHandle {
  readonly name: string;
  readonly document: NodeDocument<"tracker">;
}

declare const TYPES: unique symbol;

/** What the builder `workflow` gives. */
export interface WorkflowHandle<
  Inputs extends string = string,
  Params extends ParamSpecs = ParamSpecs,
  Outputs extends string = string,
> {
  readonly name: string;
  /** What would stand in `scanflow.yaml` under the name. */
  readonly document: WorkflowDocument;
  /** The workflows that are nested in it. */
  readonly nested: readonly WorkflowHandle[];
  readonly [TYPES]?: { readonly inputs: Inputs; readonly params: Params; readonly outputs: Outputs };
}
