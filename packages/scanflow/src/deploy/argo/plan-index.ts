import type { Plan, PlanTask, WorkTask } from "@scanflow/core";

/** A plan's tasks by id, and what stands within what. */
export class PlanIndex {
  readonly plan: Plan;
  readonly #byId: ReadonlyMap<string, PlanTask>;

  constructor(plan: Plan) {
    this.plan = plan;
    this.#byId = new Map(plan.tasks.map((task) => [task.id, task]));
  }

  task(id: string): PlanTask {
    const task = this.#byId.get(id);
    if (task === undefined) throw new Error(`The plan has no task "${id}". Report this as a bug.`);
    return task;
  }

  /** The tasks of a nested workflow or of a map, without itself. */
  inside(id: string): readonly PlanTask[] {
    return this.plan.tasks.filter((task) => task.id.startsWith(`${id}/`) || task.id.startsWith(`${id}[`));
  }

  /** Whether a task belongs to a target of a choice: by its name, or as what a choice runs. */
  isWithin(id: string, target: string): boolean {
    if (id === target || id.startsWith(`${target}/`) || id.startsWith(`${target}[`)) return true;
    return this.task(id).spared === target;
  }

  /** Whether a task has one instance as another sees it: it stands in the same maps, or outside them. */
  isOne(viewer: string, id: string): boolean {
    const [own, theirs] = [this.task(viewer).maps, this.task(id).maps];
    return theirs.every((map, depth) => own[depth] === map);
  }

  /** The maps that stand between a task and one that sees all its items. */
  mapsBetween(viewer: string, id: string): readonly string[] {
    const [own, theirs] = [this.task(viewer).maps, this.task(id).maps];
    const shared = theirs.findIndex((map, depth) => own[depth] !== map);
    return shared < 0 ? [] : theirs.slice(shared);
  }
}

export function isWork(task: PlanTask): task is WorkTask {
  return task.kind === "executor" || task.kind === "checker" || task.kind === "service";
}

export function allowsFailure(task: PlanTask): boolean {
  return "allowFailure" in task && task.allowFailure;
}
