import type { PlanEdge, PlanInput, PlanTask } from "@scanflow/core";

/** What is known of a task before anything runs. */
export interface Outlook {
  /** It runs in every run in which nothing fails before it: no condition, branch, map or optional output decides it. */
  readonly sure: boolean;
  /** No work comes before it, so that nothing of the run can have written what it needs. */
  readonly first: boolean;
}

/** The tasks of a plan by id, in its order: each after all that it hangs on. */
export type Tasks = ReadonlyMap<string, PlanTask>;

/** The outlook of every task of a plan, by id. */
export function outlooksOf(tasks: Tasks): ReadonlyMap<string, Outlook> {
  const outlooks = new Map<string, Outlook>();
  const isSure = (id: string) => outlooks.get(id)?.sure ?? false;
  for (const task of tasks.values()) {
    const sure =
      task.when === null &&
      !("allowFailure" in task && task.allowFailure) &&
      (task.kind !== "map" || isFilled(task.over)) &&
      task.guards.every((guard) => guard.kind === "entry" && isSure(guard.task)) &&
      task.upstreams.every((edge) => isPassed(edge, isSure)) &&
      inputsOf(task).every((input) => isWritten(input, tasks));
    const first = task.upstreams.every(
      ({ task: id }) => isControl(tasks.get(id)) && outlooks.get(id)?.first === true,
    );
    outlooks.set(task.id, { sure, first });
  }
  return outlooks;
}

/** All tasks that come before one and do work. */
export function workBefore(tasks: Tasks, id: string): readonly PlanTask[] {
  const found = new Set([id]);
  for (const each of found) for (const { task } of tasks.get(each)?.upstreams ?? []) found.add(task);
  found.delete(id);
  return [...found].flatMap((each) => tasks.get(each) ?? []).filter((task) => !isControl(task));
}

function isControl(task: PlanTask | undefined): boolean {
  return task?.kind === "entry" || task?.kind === "map" || task?.kind === "choice";
}

/** Order passes a skip; data and values carry it on. */
function isPassed({ task, kind, if: condition }: PlanEdge, isSure: (id: string) => boolean): boolean {
  if (condition === "failed") return false;
  return kind === "order" || isSure(task);
}

function isFilled(over: Extract<PlanTask, { kind: "map" }>["over"]): boolean {
  return over.kind === "literal" && Array.isArray(over.value) && over.value.length > 0;
}

function inputsOf(task: PlanTask): readonly PlanInput[] {
  return "inputs" in task ? Object.values(task.inputs) : [];
}

/** Whether an input is surely made when its task ran; what a choice gives is not known before. */
function isWritten(input: PlanInput, tasks: Tasks): boolean {
  if (input.kind !== "output") return true;
  return input.of.every(({ task: id, output }) => {
    const task = tasks.get(id);
    return task !== undefined && "outputs" in task && task.outputs[output]?.optional === false;
  });
}
