import type { Expression, Plan, PlanTask, PlanValue } from "@scanflow/core";

/** Every expression of a plan, or of a task. */
export function expressionsOf(plan: Pick<Plan, "tasks">): readonly Expression[] {
  return plan.tasks.flatMap(ofTask);
}

function ofTask(task: PlanTask): readonly Expression[] {
  const whens = [task.when, ...(task.kind === "choice" ? task.branches.map(({ when }) => when) : [])];
  const values: readonly PlanValue[] = [
    ...("params" in task ? Object.values(task.params) : []),
    ...(task.kind === "map" ? [task.over] : []),
  ];
  const computed = values.flatMap((value) => (value.kind === "expression" ? [value.expression] : []));
  return [...whens.filter((when) => when !== null), ...computed];
}
