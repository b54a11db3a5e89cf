import type { Plan, PlanTask, WorkTask } from "@scanflow/core";
import { placeholder } from "../../runners/contract/placeholders.ts";
import { literalParamText } from "./params.ts";

/** Where an expression of Argo's will stand: a brace right before it would be taken for one of its own. */
const EXPRESSION = "\0";

/**
 * Whether Argo would take a text of a task for its own: two braces in a row, but for those by which a command names its
 * inputs, outputs, params and items. What it cannot resolve fails the task, and what it can would be another text.
 */
export function hasBraces(plan: Plan, task: PlanTask): boolean {
  return textsOf(plan, task).some((text) => text.includes("{{") || text.includes(`{${EXPRESSION}`));
}

function textsOf(plan: Plan, task: PlanTask): readonly string[] {
  if (task.kind === "approval") return [task.message];
  if (task.kind === "map") return task.over.kind === "literal" ? [JSON.stringify(task.over.value)] : [];
  if (!("run" in task)) return [];
  const defaults = Object.values(plan.params).map(({ default: value }) => value ?? null);
  const paths = [task.inputs, task.outputs];
  return [JSON.stringify([task.env, literals(task), paths, defaults, pathsOf(task)]), ...commandOf(task)];
}

function literals({ params }: WorkTask) {
  return Object.values(params).map((value) => (value.kind === "literal" ? value.value : null));
}

/** Of a command nothing: its words are looked at as they will be. */
function pathsOf({ run }: WorkTask) {
  return run.kind === "command" ? null : run;
}

/** A shell finds values in variables; words of a list are put together before Argo reads them. */
function commandOf({ run, params }: WorkTask): readonly string[] {
  if (run.kind !== "command") return [];
  if (typeof run.command === "string") return [run.command.replaceAll(placeholder, "$")];
  return run.command.map((word) =>
    word.replaceAll(placeholder, (_, kind?: string, name = "") => {
      const value = kind === "params" ? params[name] : undefined;
      return value?.kind === "literal" ? literalParamText(value.value) : EXPRESSION;
    }),
  );
}
