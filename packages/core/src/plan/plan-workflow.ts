import type { Application } from "../definition/definition.ts";
import { connectScope } from "./connect.ts";
import type { Draft, Link } from "./draft.ts";
import { layOut, workflowNamed } from "./lay-out.ts";
import type { Plan, PlanEdge, PlanTask } from "./plan.ts";
import { sortTopologically } from "./sort.ts";

/**
 * The plan of a workflow (the application's main one when none is named): nested workflows made flat, references
 * followed to the tasks that make what they name, choices and maps spelled out as edges and guards. Takes a valid
 * application, does no I/O, and gives the same plan for the same definition.
 *
 * Throws `SCANFLOW_WORKFLOW_UNKNOWN`; `SCANFLOW_NOT_RUNNABLE` when the workflow needs inputs that only a
 * surrounding workflow can give; `SCANFLOW_EXPRESSION_LIMIT` when parameters put into each other grow too large.
 */
export function planWorkflow(application: Application, workflowName: string = application.main): Plan {
  const workflow = workflowNamed(application, workflowName);
  const { groups, trackers, drafts, top } = layOut(application, workflow);
  connectScope(top);
  const used = new Set(groups.map((group) => group.tracker));
  return {
    version: 1,
    application: application.name,
    workflow: workflow.name,
    mode: workflow.mode,
    params: workflow.params,
    groups,
    trackers: [...trackers.values()].filter(({ id }) => used.has(id)),
    tasks: sortTopologically(drafts).map(taskOf),
    schedules: workflow.schedules,
  };
}

function taskOf(draft: Draft): PlanTask {
  const { id, name, description, group, maps, guards, when, body } = draft;
  if (!body) throw new Error(`Task ${id} was laid out but not connected. Report this as a bug.`);
  const upstreams = [...draft.links.values()].sort(byWrittenOrder).map(edgeOf);
  const spared = draft.spared === null ? {} : { spared: draft.spared };
  return { id, name, description, group, maps, upstreams, guards, when, ...spared, ...body };
}

function byWrittenOrder(a: Link, b: Link): number {
  return a.upstream.position - b.upstream.position || (tieKey(a) < tieKey(b) ? -1 : 1);
}

function tieKey(link: Link): string {
  return `${link.kind} ${link.if} ${link.join ?? ""}`;
}

function edgeOf({ upstream: _, ...edge }: Link): PlanEdge {
  return edge;
}
