import type { Plan, PlanTask, WorkTask } from "@scanflow/core";
import type { Deployment } from "../target.ts";

/** A service of an online workflow: it stands by itself and belongs to no run. */
export interface Standing {
  readonly plan: Plan;
  readonly task: WorkTask;
  /** The workflow that it is written in. */
  readonly workflow: string;
}

/** Services of batch workflows are started by the engine, in their run. */
export function standingServices({ workflows }: Deployment): readonly Standing[] {
  return workflows.flatMap(({ plan }) => {
    if (plan.mode !== "online") return [];
    return plan.tasks.filter(isService).map((task) => ({
      plan,
      task,
      workflow: plan.groups.find(({ id }) => id === task.group)?.workflow ?? plan.workflow,
    }));
  });
}

function isService(task: PlanTask): task is WorkTask {
  return task.kind === "service";
}
