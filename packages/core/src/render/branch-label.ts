import { formatExpression } from "../expression/index.ts";
import type { Plan, PlanBranch } from "../plan/plan.ts";

interface BranchEdge {
  readonly text: string;
  /** The target follows another one of its branch, so its edge from the choice says nothing new. */
  readonly hidden: boolean;
}

/** When a branch is taken, in words. */
export function branchLabel({ when }: PlanBranch): string {
  return when ? formatExpression(when) : "otherwise";
}

/** What stands on the edge from a choice to a target, by the two ids with a space between. */
export function branchEdges(plan: Plan): ReadonlyMap<string, BranchEdge> {
  const edges = new Map<string, BranchEdge>();
  for (const task of plan.tasks) {
    if (task.kind !== "choice") continue;
    for (const branch of task.branches) {
      const text = branchLabel(branch);
      for (const [index, target] of branch.targets.entries()) {
        edges.set(`${task.id} ${target}`, { text, hidden: index > 0 });
      }
    }
  }
  return edges;
}
