import type { Application, Workflow, WorkNode } from "../definition/definition.ts";
import { ScanflowError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import {
  type Draft,
  EMBEDDED_TRACKER,
  type Layout,
  linkOrder,
  type Opener,
  planTracker,
  type Scope,
  type Unit,
} from "./draft.ts";
import type { PlanTracker } from "./plan.ts";

/**
 * The workflow of this name.
 *
 * Throws `SCANFLOW_WORKFLOW_UNKNOWN`.
 */
export function workflowNamed(application: Application, name: string): Workflow {
  const found = application.workflows.find((workflow) => workflow.name === name);
  if (found) return found;
  const names = application.workflows.map((workflow) => workflow.name);
  const meant = nearest(name, names);
  throw new ScanflowError(
    "SCANFLOW_WORKFLOW_UNKNOWN",
    `Application ${application.name} has no workflow ${JSON.stringify(name)}${meant ? `; did you mean ${meant}?` : "."} Name one of: ${names.join(", ")}.`,
  );
}

/**
 * Every task of a workflow in written order, nested ones in the place of their node, each behind the entry or map
 * that opens it. Edges between nodes come later, since a node may refer to one that is written below it.
 */
export function layOut(application: Application, workflow: Workflow): Layout {
  const inherited = application.tracker ? planTracker(application.tracker, "") : EMBEDDED_TRACKER;
  const builder: Builder = {
    application,
    workflows: new Map(application.workflows.map((each) => [each.name, each])),
    groups: [],
    trackers: new Map(),
    drafts: [],
  };
  const top = openScope(builder, workflow, { opener: null, tracker: inherited });
  return { groups: builder.groups, trackers: builder.trackers, drafts: builder.drafts, top };
}

interface Builder extends Omit<Layout, "top"> {
  readonly application: Application;
  readonly workflows: ReadonlyMap<string, Workflow>;
}

interface Opening {
  readonly opener: Opener | null;
  /** The tracker of the surrounding group. */
  readonly tracker: PlanTracker;
}

function openScope(builder: Builder, workflow: Workflow, { opener, tracker }: Opening): Scope {
  const id = opener?.head.id ?? "";
  const own = workflow.tracker ? planTracker(workflow.tracker, id) : tracker;
  const group = {
    id,
    workflow: workflow.name,
    description: opener?.node.description || workflow.description,
    parent: opener ? opener.scope.group.id : null,
    tracker: own.id,
  };
  builder.groups.push(group);
  builder.trackers.set(own.id, own);

  const mapped = opener?.node.map ? [...opener.head.maps, opener.head.id] : (opener?.head.maps ?? []);
  const prefix = opener ? `${id}${opener.node.map ? "[*]" : ""}/` : "";
  const scope: Scope = { group, workflow, opener, prefix, maps: mapped, units: new Map(), params: new Map() };
  for (const node of workflow.nodes)
    scope.units.set(node.name, addUnit(builder, scope, { node, tracker: own }));
  return scope;
}

function addUnit(builder: Builder, scope: Scope, of: { node: WorkNode; tracker: PlanTracker }): Unit {
  const { node, tracker } = of;
  const from = builder.drafts.length;
  const id = scope.prefix + node.name;
  const head = addDraft(builder, scope, { id, node, maps: scope.maps });
  if (scope.opener) openBehind(head, scope.opener.head);

  const unit: Unit = { node, scope, head, work: null, inner: null, drafts: [], sinks: null };
  if (node.kind === "workflow") {
    const nested = builder.workflows.get(node.workflow) ?? workflowNamed(builder.application, node.workflow);
    unit.inner = openScope(builder, nested, { opener: { node, scope, head }, tracker });
  } else if ("map" in node && node.map) {
    unit.work = addDraft(builder, scope, { id: `${id}[*]`, node, maps: [...scope.maps, id] });
    openBehind(unit.work, head);
  } else {
    unit.work = head;
  }
  for (let position = from; position < builder.drafts.length; position += 1) {
    const draft = builder.drafts[position];
    if (draft) unit.drafts.push(draft);
  }
  return unit;
}

function addDraft(
  builder: Builder,
  scope: Scope,
  of: { id: string; node: WorkNode; maps: readonly string[] },
): Draft {
  const draft: Draft = {
    id: of.id,
    name: of.node.name,
    position: builder.drafts.length,
    description: of.node.description,
    group: scope.group.id,
    maps: of.maps,
    links: new Map(),
    guards: [],
    when: null,
    body: null,
    spared: null,
  };
  builder.drafts.push(draft);
  return draft;
}

/** The task runs only behind its entry or map, and is skipped with it. */
function openBehind(draft: Draft, gate: Draft): void {
  linkOrder(draft, gate, "succeeded");
  draft.guards.push({ kind: "entry", task: gate.id });
}
