import type { NodeHandle, WorkflowHandle } from "./handle.ts";
import { nodeHandle } from "./node-handle.ts";
import { type MapOptions, type SharedOptions, written } from "./options.ts";
import type { ParamBindings, ParamSpecs, RequiredParams } from "./param.ts";
import type { InputValue } from "./value.ts";

type Inputs<Names extends string> = [Names] extends [never]
  ? { readonly inputs?: Readonly<Record<never, InputValue>> }
  : { readonly inputs: Readonly<Record<Names, InputValue>> };

type Params<Specs extends ParamSpecs> = [RequiredParams<Specs>] extends [never]
  ? { readonly params?: ParamBindings<Specs> }
  : { readonly params: ParamBindings<Specs> };

/** What a nested workflow is given: every input, and every parameter that has no default. */
export type NestedOptions<Names extends string, Specs extends ParamSpecs> = SharedOptions & {
  readonly map?: MapOptions;
} & Inputs<Names> &
  Params<Specs>;

/** Optional where nothing must be given. */
type Arguments<Options> = Record<never, never> extends Options ? [options?: Options] : [options: Options];

/**
 * A nested workflow. Its outputs are those of the workflow; its inputs and parameters are checked by the compiler.
 *
 * ```ts
 * import { executor, nested, workflow } from "@scanflow/core";
 *
 * const training = workflow("training", { inputs: ["data"], params: { rate: 0.1 } }, ({ inputs, params }) => {
 *   const fit = executor("fit", {
 *     run: "python fit.py",
 *     inputs: { data: inputs.data },
 *     outputs: ["model"],
 *     params: { rate: params.rate },
 *   });
 *   return { nodes: [fit], outputs: { model: fit.outputs.model } };
 * });
 *
 * export const digits = workflow("digits", {}, () => {
 *   const gather = executor("gather", { run: "node gather.js", outputs: ["table"] });
 *   const train = nested("train", training, { inputs: { data: gather.outputs.table }, params: { rate: 0.5 } });
 *   const report = executor("report", { run: "node report.js", inputs: { model: train.outputs.model } });
 *   return { nodes: [gather, train, report] };
 * });
 * ```
 */
export function nested<Names extends string, Specs extends ParamSpecs, Outputs extends string>(
  name: string,
  workflow: WorkflowHandle<Names, Specs, Outputs>,
  ...[options]: Arguments<NestedOptions<Names, Specs>>
): NodeHandle<Outputs> {
  const given: SharedOptions = options ?? {};
  return nodeHandle(name, {
    builder: nested,
    document: { ...written(given), kind: "workflow", workflow: workflow.name },
    outputs: Object.keys(workflow.document.outputs ?? {}) as Outputs[],
    workflow,
  });
}
