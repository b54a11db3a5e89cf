import type { Guard, Plan, PlanGroup, PlanTask, PlanTracker, WorkTask } from "@scanflow/core";
import { platformName } from "../../platform-name.ts";
import { nodeName } from "../../runners/docker/container-service.ts";

/** The names that parts of a plan have in a Compose project, and the container that each task's starts after. */
export interface ComposeLayout {
  /** The tasks that have a container, in the order of the plan. */
  readonly tasks: readonly WorkTask[];
  readonly service: (task: WorkTask) => string;
  readonly tracker: (tracker: PlanTracker) => string;
  readonly network: (group: PlanGroup) => string;
  readonly networkOf: (task: WorkTask) => string;
  /** Names besides its own that a service has in its network. */
  readonly aliases: (task: WorkTask) => readonly string[];
  readonly before: (task: WorkTask) => readonly Before[];
}

/** A container that another one starts after. */
export interface Before {
  readonly service: string;
  readonly task: WorkTask;
  /**
   * Whether it must have ended: both go on side by side where a map has them work on its items, and a service stays up
   * for who comes behind it.
   */
  readonly ended: boolean;
}

/** Service of the engine, and of the tracker of workflows that have none of their own. */
export const ENGINE = "scanflow";
export const TRACKER = "tracker";
/** Runs first, and gives the volumes to those who write to them. */
export const PREPARE = "prepare";

export function layOut(plan: Plan): ComposeLayout {
  const tasks = plan.tasks.filter(isWork);
  const names = new Names([ENGINE, TRACKER, PREPARE]);
  const trackers = new Map<string, string>();
  for (const [, same] of Map.groupBy(plan.trackers, sameServer)) {
    const [first] = same;
    const name = first?.id ? names.give(pathName(first.name), first.id) : TRACKER;
    for (const { id } of same) trackers.set(id, name);
  }
  const services = new Map(tasks.map(({ id }) => [id, names.give(pathName(id), id)]));
  const boxes = new Names([]);
  const networks = new Map(
    plan.groups.map(({ id }) => [id, boxes.give(`network-${pathName(id === "" ? plan.workflow : id)}`, id)]),
  );
  const byId = new Map(plan.tasks.map((task) => [task.id, task]));
  const service = ({ id }: { readonly id: string }) => found(services, id);
  return {
    tasks,
    service,
    tracker: ({ id }) => found(trackers, id),
    network: ({ id }) => found(networks, id),
    networkOf: ({ group }) => found(networks, group),
    aliases: ({ id }) => {
      const name = nodeName(id);
      return [ENGINE, PREPARE, ...trackers.values()].includes(name) ? [] : [name];
    },
    before: (task) =>
      workBefore(task, byId)
        .map((other) => ({
          service: service(other),
          task: other,
          ended: other.kind !== "service" && !sharesMap(task, other),
        }))
        .sort((a, b) => (a.service < b.service ? -1 : 1)),
  };
}

/** A workflow that is nested several times has one server: its port on this machine can lead to one only. */
function sameServer({ id, name, port }: PlanTracker): string {
  return id === "" ? "" : `${name} ${port}`;
}

function found(names: ReadonlyMap<string, string>, id: string): string {
  const name = names.get(id);
  if (name === undefined) throw new Error(`the plan has no "${id}"`);
  return name;
}

function isWork(task: PlanTask): task is WorkTask {
  return task.kind === "executor" || task.kind === "checker" || task.kind === "service";
}

/** `workflow3/get-new-data` is `workflow3.get-new-data`; what a map makes many of has one name. */
function pathName(id: string): string {
  return id
    .replaceAll("[*]", "")
    .split("/")
    .map((part) => platformName(part))
    .join(".");
}

/** Gives each thing a name of its own. */
class Names {
  readonly #taken: Set<string>;

  constructor(taken: readonly string[]) {
    this.#taken = new Set(taken);
  }

  give(wanted: string, id: string): string {
    const name = this.#taken.has(wanted) ? platformName(`${id} of the workflow`) : wanted;
    this.#taken.add(name);
    return name;
  }
}

/** The nearest tasks with a container that come before, through control points, which the engine decides by itself. */
function workBefore(task: PlanTask, byId: ReadonlyMap<string, PlanTask>): WorkTask[] {
  const seen = new Set<string>();
  const before = new Map<string, WorkTask>();
  const visit = (id: string) => {
    const other = byId.get(id);
    if (!other || seen.has(id)) return;
    seen.add(id);
    if (isWork(other)) before.set(id, other);
    else for (const next of idsBefore(other)) visit(next);
  };
  for (const id of idsBefore(task)) visit(id);
  return [...before.values()];
}

function idsBefore({ upstreams, guards, maps }: PlanTask): string[] {
  return [...upstreams.map(({ task }) => task), ...guards.flatMap(guarding), ...maps];
}

function guarding(guard: Guard): readonly string[] {
  switch (guard.kind) {
    case "branch":
      return [guard.choice];
    case "entry":
      return [guard.task];
    case "fallback":
      return guard.failed;
  }
}

/** Whether items of one map go through both. */
function sharesMap(one: PlanTask, other: PlanTask): boolean {
  return one.maps.some((map) => other.maps.includes(map));
}
