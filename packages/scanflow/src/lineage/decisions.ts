import {
  type ChoiceTask,
  type Expression,
  formatExpression,
  type PlanTask,
  referenceExpression,
  references,
} from "@scanflow/core";
import type { Scheduler } from "../engine/index.ts";

/** What let a task run besides its inputs, as instance ids of its run. */
export interface Grounds {
  readonly choices: readonly string[];
  readonly approvals: readonly string[];
  /** Tasks whose results were read: by its parameters, conditions and maps. */
  readonly read: readonly string[];
}

/** The grounds of a task, with those of the workflows and maps round it. */
export function groundsOf(scheduler: Scheduler, instance: string): Grounds {
  const [choices, approvals, read] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const seen = new Set<string>();
  const consider = (id: string) => {
    if (seen.has(id)) return;
    seen.add(id);
    const { guards, upstreams, maps } = scheduler.planTask(id);
    for (const guard of guards) {
      if (guard.kind === "branch") for (const one of scheduler.seenFrom(id, guard.choice)) choices.add(one);
      if (guard.kind === "entry") for (const one of scheduler.seenFrom(id, guard.task)) consider(one);
    }
    for (const map of maps) for (const one of scheduler.seenFrom(id, map)) consider(one);
    for (const { task, kind } of upstreams) {
      for (const one of scheduler.seenFrom(id, task)) {
        if (kind === "value") read.add(one);
        if (scheduler.planTask(one).kind === "approval") approvals.add(one);
      }
    }
  };
  consider(instance);
  return { choices: [...choices], approvals: [...approvals], read: [...read] };
}

/** Why a choice came out as it did: the branch's condition, and the values that it and those before it read. */
export function choiceReason(scheduler: Scheduler, instance: string): string {
  const task = scheduler.planTask(instance);
  const { branch } = scheduler.taskState(instance);
  if (task.kind !== "choice") return "";
  if (branch === null) return `no branch: ${valuesRead(scheduler, instance, conditions(task))}`;
  const when = task.branches[branch]?.when ?? null;
  const asked = conditions(task).slice(0, when ? branch + 1 : branch);
  const values = valuesRead(scheduler, instance, asked);
  const said = when ? `since ${formatExpression(when)}` : "since no other condition held";
  return `branch ${branch + 1} ${said}${values === "" ? "" : ` (${values})`}`;
}

function conditions({ branches }: ChoiceTask): Expression[] {
  return branches.flatMap(({ when }) => (when ? [when] : []));
}

function valuesRead(scheduler: Scheduler, instance: string, asked: readonly Expression[]): string {
  const paths = new Map(asked.flatMap(references).map((path) => [JSON.stringify(path), path]));
  return [...paths.values()]
    .map((path) => {
      const reference = referenceExpression(path);
      return `${formatExpression(reference)} = ${JSON.stringify(scheduler.evaluate(instance, reference))}`;
    })
    .join(", ");
}

/** Whether a task does work, and so has attempts. */
export function doesWork(task: PlanTask): boolean {
  return "run" in task;
}
