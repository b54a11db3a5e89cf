import type { Deployment, PlannedWorkflow } from "../target.ts";
import { PlanIndex } from "./plan-index.ts";
import { Scope } from "./scope.ts";
import type { Use } from "./shared-templates.ts";
import { TaskNames } from "./task-names.ts";

/** An object of a manifest. */
export type Manifest = Readonly<Record<string, unknown>>;

/** What the parts of a workflow's export share while it is made. */
export interface Build {
  readonly deployment: Deployment;
  readonly workflow: PlannedWorkflow;
  readonly index: PlanIndex;
  readonly names: TaskNames;
  readonly top: Scope;
  /** Ids of the tasks whose results are read: only those hand them out. */
  readonly results: Set<string>;
  /** Outputs that are read by their key in the artifact store, as `task output`. */
  readonly keyed: Set<string>;
  /** Facts about the machine that conditions read. */
  readonly device: Set<string>;
  /** Tasks whose templates others use, too; filled when all else is settled. */
  readonly uses: Map<string, Use>;
}

export function newBuild(deployment: Deployment, workflow: PlannedWorkflow): Build {
  const index = new PlanIndex(workflow.plan);
  const names = new TaskNames();
  // The names of the tasks themselves come first, whatever stands beside them.
  for (const { id } of workflow.plan.tasks) names.of(id);
  return {
    deployment,
    workflow,
    index,
    names,
    top: new Scope(index, names),
    results: new Set(),
    keyed: new Set(),
    device: new Set(),
    uses: new Map(),
  };
}

/** What stands in the place of a `{{…}}`. */
export function expressionTag(text: string): string {
  return `{{=${text}}}`;
}
