import type { WorkTask } from "@scanflow/core";
import type { Build } from "./build.ts";
import { expressionText } from "./expression-text.ts";
import { jsonText, stringText } from "./literal-text.ts";
import { joined, plain, type Scope, type Text, text } from "./scope.ts";

/** The params of a task as one JSON document; null when they are all known: then they stand in its template. */
export function paramsArgument({ results }: Build, scope: Scope, task: WorkTask): Text | null {
  if (!hasComputedParams(task)) return null;
  const entries = Object.entries(task.params).map(([name, value]) => {
    const made =
      value.kind === "literal"
        ? plain(jsonText(value.value))
        : expressionText({ scope, task, results }, value.expression);
    return text`${stringText(name)}: ${made}`;
  });
  return text`toJson({${joined(entries, ", ")} })`;
}

export function hasComputedParams({ params }: WorkTask): boolean {
  return Object.values(params).some(({ kind }) => kind === "expression");
}

/** The text of a param as the node contract has it: text as it is, null as nothing, all else as JSON. */
export function paramTextTag(task: WorkTask, name: string): string {
  const value = task.params[name];
  if (value?.kind === "literal") return literalParamText(value.value);
  return valueTag(`get(fromJSON(inputs.parameters.params), ${stringText(name)})`);
}

export function literalParamText(value: unknown): string {
  if (typeof value === "string") return withoutReferences(value);
  return value === null || value === undefined ? "" : withoutReferences(JSON.stringify(value));
}

/** An expression whose value is text for a variable or an argument. */
export function valueTag(value: string): string {
  const shown = `type(${value}) == 'string' ? ${value} : ${value} == nil ? '' : toJson(${value})`;
  return `{{=replace((${shown}), '$', '$$')}}`;
}

/** Kubernetes puts a variable in where `$(NAME)` stands, and takes two dollars for one. */
export function withoutReferences(value: string): string {
  return value.replaceAll(/\$(?=[$(])/g, "$$$$");
}
