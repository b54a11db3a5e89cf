import type {
  EdgeCondition,
  TrackerNode,
  Workflow,
  WorkflowNode,
  WorkNode,
} from "../definition/definition.ts";
import type { Expression } from "../expression/index.ts";
import type { Guard, PlanEdge, PlanGroup, PlanTask, PlanTracker, PlanValue } from "./plan.ts";

/** What a plan is made from: the boxes, the trackers and the tasks in written order, not yet joined by edges. */
export interface Layout {
  readonly groups: PlanGroup[];
  readonly trackers: Map<string, PlanTracker>;
  readonly drafts: Draft[];
  readonly top: Scope;
}

/** A workflow at one place of the nesting. */
export interface Scope {
  readonly group: PlanGroup;
  readonly workflow: Workflow;
  /** The nested node that opened it; null at the top. */
  readonly opener: Opener | null;
  /** Put before the names of its nodes: "", `train/` or `train[*]/`. */
  readonly prefix: string;
  readonly maps: readonly string[];
  readonly units: Map<string, Unit>;
  /** What the workflow's parameters are bound to, as far as they were asked for. */
  readonly params: Map<string, Resolved<PlanValue>>;
}

/** A value in the names of the plan, with the nodes that it reads. */
export interface Resolved<Value> {
  readonly value: Value;
  readonly reads: ReadonlySet<Unit>;
}

export interface Opener {
  readonly node: WorkflowNode;
  readonly scope: Scope;
  /** Its entry or map. */
  readonly head: Draft;
}

/** What became of one node. */
export interface Unit {
  readonly node: WorkNode;
  /** The scope that the node is written in. */
  readonly scope: Scope;
  /** Carries the node's `when`, `after` and guards: the task itself, the entry or the map. */
  readonly head: Draft;
  /** Does the node's work: the task itself, or `fit[*]` behind its map; null for a nested workflow. */
  work: Draft | null;
  inner: Scope | null;
  /** All drafts of the unit, the head first. */
  readonly drafts: Draft[];
  /** Last tasks of the unit, once known. */
  sinks: readonly Draft[] | null;
}

/** A task in the making. */
export interface Draft {
  readonly id: string;
  readonly name: string;
  readonly position: number;
  readonly description: string;
  readonly group: string;
  readonly maps: readonly string[];
  readonly links: Map<string, Link>;
  readonly guards: Guard[];
  when: Expression | null;
  body: TaskBody | null;
  /** The innermost target of a choice around it that another one follows as a fallback. */
  spared: string | null;
}

export interface Link extends PlanEdge {
  readonly upstream: Draft;
}

type SharedKey =
  | "id"
  | "name"
  | "description"
  | "group"
  | "maps"
  | "upstreams"
  | "guards"
  | "when"
  | "spared";
type BodyOf<Task> = Task extends PlanTask ? Omit<Task, SharedKey> : never;

/** The fields of a task that its kind has beside the shared ones. */
export type TaskBody = BodyOf<PlanTask>;

/** Adds an edge once, however often it is asked for. */
export function link(draft: Draft, upstream: Draft, edge: Omit<PlanEdge, "task">): void {
  const key = `${edge.kind} ${edge.if} ${edge.join ?? ""} ${upstream.id}`;
  if (!draft.links.has(key)) draft.links.set(key, { task: upstream.id, ...edge, upstream });
}

/** Adds an edge of order. */
export function linkOrder(draft: Draft, upstream: Draft, condition: EdgeCondition): void {
  link(draft, upstream, { kind: "order", if: condition });
}

export const EMBEDDED_TRACKER: PlanTracker = { id: "", name: "embedded", port: null, group: "" };

/** The tracker as a plan names it: the group's id and the node's name. */
export function planTracker(node: TrackerNode, group: string): PlanTracker {
  return { id: group ? `${group}/${node.name}` : node.name, name: node.name, port: node.port, group };
}
