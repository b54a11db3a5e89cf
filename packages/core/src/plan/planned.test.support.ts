import type { Expression } from "../expression/index.ts";
import type { PlanTask } from "./plan.ts";
import { planWorkflow } from "./plan-workflow.ts";
import { application, output, when } from "./written.test.support.ts";

/** The planned tasks of an application, by id. */
export function tasksOf(...args: Parameters<typeof application>) {
  const plan = planWorkflow(application(...args));
  const byId = new Map(plan.tasks.map((task) => [task.id, task]));
  return (id: string): PlanTask => {
    const task = byId.get(id);
    if (!task) throw new Error(`no task ${id} among ${[...byId.keys()].join(", ")}`);
    return task;
  };
}

/** `data split if succeeded` lines. */
export function edges(task: PlanTask): readonly string[] {
  return task.upstreams.map(
    (edge) => `${edge.kind} ${edge.task} if ${edge.if}${edge.join ? ` in ${edge.join}` : ""}`,
  );
}

/** An expression in the names of a plan. */
export function resolved(text: string): Expression {
  return when(text, "plan");
}

export const report = { outputs: { report: output("report") } };
