import { conditionText } from "./expression.ts";
import type { NodeHandle } from "./handle.ts";
import { nodeHandle } from "./node-handle.ts";
import { type SharedOptions, written } from "./options.ts";
import type { ExpressionValue } from "./reference.ts";
import type { InputValue } from "./value.ts";

/** Nodes of which each next one runs only when the one before it failed. */
export interface FirstOf {
  readonly firstOf: readonly NodeHandle[];
}

/** For a branch: the first of these nodes that succeeds; each next one runs only when the one before it failed. */
export function firstOf(...nodes: readonly NodeHandle[]): FirstOf {
  return Object.freeze({ firstOf: Object.freeze([...nodes]) });
}

/** A branch of a choice: when it is taken, what it runs, and what the choice then gives. */
export interface BranchOptions<Outputs extends string> {
  /** Taken when this is true; left out in the last branch: otherwise. */
  readonly when?: string | ExpressionValue;
  /** A node, nodes one after the other, or `firstOf(…)`. They run only when this branch is taken. */
  readonly run?: NodeHandle | readonly NodeHandle[] | FirstOf;
  /**
   * What the choice's own outputs are when this branch is taken, the same names in every branch: outputs of nodes
   * that ran before it, or of those that this branch runs.
   */
  readonly outputs?: Readonly<Record<Outputs, InputValue>>;
}

/**
 * Dynamic execution: the first branch whose condition holds is taken. Branches may also be one line of text, such
 * as `if device is typeA run A, elif typeB run B1 or B2, else C1 then C2`; then the choice has no outputs.
 *
 * What needs an output of the choice comes after what the taken branch ran, and is skipped where that was not
 * produced. With `firstOf`, name what each node would give: `first(small.outputs.model, large.outputs.model)`.
 *
 * ```ts
 * import { choice, executor, expression } from "@scanflow/core";
 *
 * const small = executor("small", { run: "python fit.py small", outputs: ["model"] });
 * const large = executor("large", { run: "python fit.py large", outputs: ["model"] });
 * export const size = choice("size", [
 *   { when: "device.memory < 4GiB", run: small, outputs: { model: small.outputs.model } },
 *   { run: large, outputs: { model: large.outputs.model } },
 * ]);
 * export const report = executor("report", {
 *   run: "python report.py",
 *   inputs: { model: size.outputs.model },
 * });
 *
 * const forest = executor("forest", { run: "python forest.py", outputs: ["model"] });
 * const linear = executor("linear", { run: "python linear.py", outputs: ["model"] });
 * export const better = choice("better", [
 *   {
 *     when: expression`${forest.result("accuracy")} > ${linear.result("accuracy")}`,
 *     outputs: { model: forest.outputs.model },
 *   },
 *   { outputs: { model: linear.outputs.model } },
 * ]);
 * ```
 */
export function choice<Outputs extends string = never>(
  name: string,
  branches: string | readonly BranchOptions<Outputs>[],
  options: SharedOptions = {},
): NodeHandle<Outputs> {
  const texts = typeof branches === "string" ? branches : branches.map(writtenBranch);
  const [first] = typeof branches === "string" ? [] : branches;
  return nodeHandle(name, {
    builder: choice,
    document: { ...written(options), kind: "choice", choice: texts },
    outputs: Object.keys(first?.outputs ?? {}) as Outputs[],
  });
}

function writtenBranch({ when, run, outputs }: BranchOptions<string>) {
  return {
    ...(when !== undefined && { when: conditionText(when) }),
    ...(run !== undefined && { run: writtenTargets(run) }),
    ...(outputs !== undefined && { outputs }),
  };
}

function writtenTargets(run: NonNullable<BranchOptions<string>["run"]>) {
  if ("firstOf" in run) return { firstOf: run.firstOf.map((node) => node.name) };
  return "name" in run ? run.name : run.map((node) => node.name);
}
