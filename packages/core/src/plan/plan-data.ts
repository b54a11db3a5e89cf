import { type DataName, formatDataName } from "../definition/data-name.ts";
import type { Plan, PlanInput, PlanTask } from "./plan.ts";

/** The versions of data that a plan names, each once, in the order of its tasks. Who makes a run finds their digests. */
export function dataOfPlan({ tasks }: Plan): readonly DataName[] {
  const named = tasks.flatMap(inputsOf).flatMap((input): readonly DataName[] => {
    const origin = input.kind === "output" ? input.fallback : input;
    if (typeof origin !== "object" || origin.kind !== "data") return [];
    return [{ dataset: origin.dataset, version: origin.version }];
  });
  return [...new Map(named.map((name) => [formatDataName(name), name])).values()];
}

function inputsOf(task: PlanTask): readonly PlanInput[] {
  const own = "inputs" in task ? Object.values(task.inputs) : [];
  return task.kind === "choice"
    ? [...own, ...task.branches.flatMap(({ outputs }) => Object.values(outputs))]
    : own;
}
