import { formatExpression } from "../expression/index.ts";
import type { Plan } from "../plan/plan.ts";

interface BranchLabel {
  readonly text: string;
  /** The target follows another one of its branch, so its edge from the choice says nothing new. */
  readonly hidden: boolean;
}

/** What stands on the edge from a choice to a target, by the two ids with a space between. */
export function branchLabels(plan: Plan): ReadonlyMap<string, BranchLabel> {
  const labels = new Map<string, BranchLabel>();
  for (const task of plan.tasks) {
    if (task.kind !== "choice") continue;
    for (const branch of task.branches) {
      const text = branch.when ? formatExpression(branch.when) : "otherwise";
      for (const [index, target] of branch.targets.entries()) {
        labels.set(`${task.id} ${target}`, { text, hidden: index > 0 });
      }
    }
  }
  return labels;
}
