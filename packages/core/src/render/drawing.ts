import type { Plan, PlanEdge, PlanGroup, PlanTask } from "../plan/plan.ts";
import { branchEdges } from "./branch-label.ts";

/** What a picture of a plan shows: a box per workflow, a node per task that does something, and the edges. */
export interface Drawing {
  /** The top workflow's box (id "") first. */
  readonly boxes: readonly DrawnBox[];
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
}

export interface DrawnBox {
  readonly id: string;
  readonly name: string;
  readonly workflow: string;
  readonly description: string;
  readonly parent: string | null;
  /** Its own tracker; null where that is inherited, or the embedded one. */
  readonly tracker: { readonly name: string; readonly port: number | null } | null;
  readonly mapped: boolean;
  /** Where it comes in the plan's order. */
  readonly place: number;
  /** The entry or map that opens it; null at the top. */
  readonly head: PlanTask | null;
}

export interface DrawnNode {
  readonly id: string;
  readonly task: Exclude<PlanTask, { kind: "entry" | "map" }>;
  /** Its map, when the task runs once per item. */
  readonly map: PlanTask | null;
  readonly box: string;
  readonly place: number;
}

export interface DrawnEdge {
  /** A node or a box. */
  readonly from: string;
  readonly to: string;
  readonly kind: PlanEdge["kind"];
  /** Which branch of a choice it is, or when it is followed. */
  readonly label: string | null;
}

/**
 * The picture behind a plan. An entry is its workflow's box, a mapped task and its map are one node, and edges that
 * say the same twice are drawn once: of several between the same two ends the strongest stays (data, value, order),
 * edges on each task of a workflow that is followed as a whole become one edge from its box, and only the first
 * target of a branch hangs on its choice, since the others follow each other.
 */
export function drawingOf(plan: Plan): Drawing {
  const ends = endsOf(plan);
  const edges = new Map<string, DrawnEdge>();
  const labels = branchEdges(plan);
  for (const task of plan.tasks) {
    const to = ends.of(task.id);
    const whole = wholeBoxes(task, ends);
    for (const edge of task.upstreams) {
      const from = ends.of(edge.task);
      if (from === to || ends.within(to, from)) continue;
      if (ends.parents(edge.task).some((box) => whole.has(`${edge.kind} ${box}`))) continue;
      const branch = labels.get(`${from} ${to}`);
      if (branch?.hidden && edge.kind === "order") continue;
      addEdge(edges, { from, to, kind: edge.kind, label: branch?.text ?? failureLabel(task, edge, from) });
    }
  }
  return { boxes: boxesOf(plan, ends), nodes: ends.nodes, edges: [...edges.values()] };
}

/** What lies directly in each box. */
export interface Members {
  readonly nodes: readonly DrawnNode[];
  readonly boxes: readonly DrawnBox[];
}

export function membersOf(drawing: Drawing): ReadonlyMap<string, Members> {
  const members = new Map(drawing.boxes.map(({ id }) => [id, { nodes: [], boxes: [] } as MutableMembers]));
  for (const node of drawing.nodes) members.get(node.box)?.nodes.push(node);
  for (const box of drawing.boxes) if (box.parent !== null) members.get(box.parent)?.boxes.push(box);
  return members;
}

interface MutableMembers {
  readonly nodes: DrawnNode[];
  readonly boxes: DrawnBox[];
}

interface Ends {
  readonly nodes: readonly DrawnNode[];
  readonly task: (id: string) => PlanTask | undefined;
  readonly place: (id: string) => number;
  /** The node or box that a task is drawn as. */
  readonly of: (task: string) => string;
  /** Whether an end lies in a box. */
  readonly within: (end: string, box: string) => boolean;
  /** The boxes round a task, innermost first. */
  readonly parents: (task: string) => readonly string[];
}

function endsOf(plan: Plan): Ends {
  const tasks = new Map(plan.tasks.map((task) => [task.id, task]));
  const groups = new Map(plan.groups.map((group) => [group.id, group]));
  const nodes: DrawnNode[] = [];
  const drawnAs = new Map<string, string>();
  const places = new Map<string, number>();
  for (const [place, task] of plan.tasks.entries()) {
    places.set(task.id, place);
    if (task.kind === "entry" || task.kind === "map") continue;
    const outer = task.maps.at(-1);
    const mapped = outer !== undefined && task.id === `${outer}[*]`;
    const id = mapped ? outer : task.id;
    drawnAs.set(task.id, id);
    nodes.push({ id, task, map: mapped ? (tasks.get(outer) ?? null) : null, box: task.group, place });
  }
  const boxOf = (end: string) =>
    end === "" ? null : (groups.get(end)?.parent ?? tasks.get(end)?.group ?? null);
  const parents = (id: string) => {
    const found: string[] = [];
    for (let box = boxOf(id); box !== null; box = groups.get(box)?.parent ?? null) found.push(box);
    return found;
  };
  return {
    nodes,
    task: (id) => tasks.get(id),
    place: (id) => places.get(id) ?? 0,
    of: (id) => drawnAs.get(id) ?? id,
    within: (end, box) => groups.has(box) && parents(end).includes(box),
    parents,
  };
}

/** Kinds of edges by which a task follows a workflow as a whole, each with the workflow's box. */
function wholeBoxes(task: PlanTask, ends: Ends): ReadonlySet<string> {
  const whole = new Set<string>();
  for (const { kind, task: upstream } of task.upstreams) {
    if (isHead(ends.task(upstream)) && !ends.within(task.id, upstream)) whole.add(`${kind} ${upstream}`);
  }
  return whole;
}

function isHead(task: PlanTask | undefined): boolean {
  return task?.kind === "entry" || task?.kind === "map";
}

/** What is drawn where several edges run together. */
export function strongerKind(a: PlanEdge["kind"], b: PlanEdge["kind"]): PlanEdge["kind"] {
  return STRENGTH[a] > STRENGTH[b] ? a : b;
}

const STRENGTH = { data: 3, value: 2, order: 1 } as const;

function addEdge(edges: Map<string, DrawnEdge>, edge: DrawnEdge): void {
  const key = `${edge.from} ${edge.to}`;
  const known = edges.get(key);
  if (!known) {
    edges.set(key, edge);
    return;
  }
  edges.set(key, {
    ...known,
    kind: strongerKind(edge.kind, known.kind),
    label: known.label ?? edge.label,
  });
}

function failureLabel(task: PlanTask, edge: PlanEdge, from: string): string | null {
  if (edge.kind !== "order") return null;
  const fallback = task.guards.some((guard) => guard.kind === "fallback" && guard.failed.includes(from));
  return edge.if === "failed" || fallback ? "if it failed" : null;
}

function boxesOf(plan: Plan, ends: Ends): readonly DrawnBox[] {
  const parents = new Map(plan.groups.map((group) => [group.id, group]));
  const trackers = new Map(plan.trackers.map((tracker) => [tracker.id, tracker]));
  return plan.groups.map((group): DrawnBox => {
    const head = group.id === "" ? null : (ends.task(group.id) ?? null);
    const tracker = trackers.get(group.tracker);
    const own = tracker && tracker.id !== "" && hasOwnTracker(group, parents);
    return {
      id: group.id,
      name: head?.name ?? group.workflow,
      workflow: group.workflow,
      description: group.description,
      parent: group.parent,
      tracker: own ? { name: tracker.name, port: tracker.port } : null,
      mapped: head?.kind === "map",
      place: ends.place(group.id),
      head,
    };
  });
}

function hasOwnTracker(group: PlanGroup, groups: ReadonlyMap<string, PlanGroup>): boolean {
  return group.parent === null || groups.get(group.parent)?.tracker !== group.tracker;
}
