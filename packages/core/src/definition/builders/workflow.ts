import type { WorkflowDocument } from "../document/document.ts";
import { deepFreeze } from "../normalise/deep-freeze.ts";
import { atCall } from "./call.ts";
import { collected } from "./collection.ts";
import { referenceTo } from "./expression.ts";
import type { NodeHandle, TrackerHandle, WorkflowHandle } from "./handle.ts";
import type { ParamSpecs, ParamTypeOf, RequiredParams } from "./param.ts";
import {
  type ExpressionValue,
  type OutputReference,
  type OutputReferences,
  outputReferences,
} from "./reference.ts";

/** What a workflow may have beside its nodes. */
export interface WorkflowOptions<Inputs extends readonly string[], Params extends ParamSpecs>
  extends Pick<WorkflowDocument, "description" | "mode" | "defaults"> {
  /** Parameters: a literal is the default and gives the type, or `integer({ default: 7, min: 0 })` and the like. */
  readonly params?: Params;
  /** Names of the artifacts that a surrounding workflow hands in. */
  readonly inputs?: Inputs;
  /** When it runs by itself. */
  readonly schedules?: readonly WorkflowSchedule<NoInfer<Params>>[];
}

/** When a workflow runs by itself, and with which parameters: all that have no default must be given. */
export type WorkflowSchedule<Params extends ParamSpecs = ParamSpecs> = {
  /** Minute, hour, day of the month, month, day of the week (Sunday is 0): `30 2 * * MON-FRI`. */
  readonly cron: string;
  /** Time zone of the IANA database that it is told in; UTC by default. */
  readonly timezone?: string;
} & ([RequiredParams<Params>] extends [never]
  ? { readonly params?: ScheduledParams<Params> }
  : { readonly params: ScheduledParams<Params> });

type ScheduledParams<Params extends ParamSpecs> = {
  readonly [Name in RequiredParams<Params>]: ParamTypeOf<Params[Name]>;
} & { readonly [Name in Exclude<keyof Params, RequiredParams<Params>>]?: ParamTypeOf<Params[Name]> };

/** What the body of a workflow is given. */
export interface WorkflowScope<Inputs extends string, Params extends ParamSpecs> {
  readonly inputs: OutputReferences<Inputs>;
  readonly params: { readonly [Name in keyof Params]: ExpressionValue<ParamTypeOf<Params[Name]>> };
}

/** What the body of a workflow gives. */
export interface WorkflowBody<Outputs> {
  readonly nodes: readonly (NodeHandle | TrackerHandle)[];
  /** What a surrounding workflow may refer to. */
  readonly outputs?: Outputs;
}

/**
 * A directed acyclic graph of nodes. The body is called once, with typed references to the workflow's own inputs
 * and parameters.
 *
 * ```ts
 * import { executor, file, integer, step, workflow } from "@scanflow/core";
 *
 * export const digits = workflow("digits", { params: { seed: integer({ default: 7, min: 0 }) } }, ({ params }) => {
 *   const split = executor("split", {
 *     run: step("./steps/split.ts"),
 *     inputs: { digits: file("data/digits.csv") },
 *     outputs: ["train", "test"],
 *     params: { seed: params.seed },
 *   });
 *   const fit = executor("fit", {
 *     run: step("./steps/fit.ts"),
 *     inputs: { data: split.outputs.train },
 *     outputs: { model: { path: "model.json", type: "model" } },
 *   });
 *   return { nodes: [split, fit], outputs: { model: fit.outputs.model } };
 * });
 * ```
 */
export function workflow<
  const Inputs extends readonly string[] = readonly [],
  const Params extends ParamSpecs = Record<never, never>,
  Outputs extends Readonly<Record<string, OutputReference>> = Record<never, never>,
>(
  name: string,
  options: WorkflowOptions<Inputs, Params>,
  body: (scope: WorkflowScope<Inputs[number], Params>) => WorkflowBody<Outputs>,
): WorkflowHandle<Inputs[number], Params, keyof Outputs & string> {
  const { nodes, outputs } = body({
    inputs: outputReferences<Inputs[number]>("inputs", options.inputs ?? []),
    params: paramReferences(options.params),
  });
  const document: WorkflowDocument = atCall(workflow, {
    ...options,
    ...(outputs !== undefined && { outputs }),
    nodes: collected(nodes),
  });
  const nested = nodes.flatMap((node) => ("workflow" in node && node.workflow ? [node.workflow] : []));
  return Object.freeze({ name, document: deepFreeze(document), nested: Object.freeze(nested) });
}

function paramReferences<Params extends ParamSpecs>(
  params: Params | undefined,
): WorkflowScope<never, Params>["params"] {
  const entries = Object.keys(params ?? {}).map((name) => [name, referenceTo("params", name)]);
  return Object.freeze(Object.fromEntries(entries)) as WorkflowScope<never, Params>["params"];
}
