import { condition, listOf } from "./condition.ts";
import type { Site } from "./expression-text.ts";
import { any, atom, type Formula } from "./formula.ts";
import { literalText, stringText } from "./literal-text.ts";
import { partsBehindFailure, partsFailed, partsOf } from "./outcome.ts";
import { isWork } from "./plan-index.ts";
import { plain, type Scope, type Text, text } from "./scope.ts";

/** What a name of an expression stands for. */
export function referenceText(site: Site, [root, name = "", ...rest]: readonly string[]): Text {
  switch (root) {
    case "params":
      return fields(paramText(site, name), rest);
    case "device":
      return plain(deviceText(name));
    case "items":
      return fields(itemText(site.scope.index.task(name).maps.length + 1), rest);
    default:
      return taskText(site, name, rest);
  }
}

/** The item of the map at a depth, from 1. */
export function itemText(depth: number): Text {
  return plain(`fromJSON(inputs.parameters['at-${depth}']).item`);
}

export function indexText(depth: number): string {
  return `fromJSON(inputs.parameters['at-${depth}']).index`;
}

export const deviceParameter = (fact: string) => `scanflow-device-${fact}`;

const NUMERIC_FACTS = ["cpus", "memory", "gpus"];

function deviceText(fact: string): string {
  const given = `workflow.parameters['${deviceParameter(fact)}']`;
  return NUMERIC_FACTS.includes(fact) ? `float(${given})` : given;
}

/** Argo's parameters are texts: those of other types are JSON. */
function paramText({ scope }: Site, name: string): Text {
  const given = `workflow.parameters['${name}']`;
  return plain(scope.index.plan.params[name]?.type === "string" ? given : `fromJSON(${given})`);
}

function fields(value: Text, keys: readonly string[]): Text {
  return keys.reduce((inner, key) => text`get(${inner}, ${keyText(key)})`, value);
}

function keyText(key: string): string {
  return /^\d+$/.test(key) ? key : stringText(key);
}

function taskText(site: Site, id: string, [facet, ...rest]: readonly string[]): Text {
  if (facet === "status") return statusText(site, id);
  const { scope } = site;
  const task = scope.index.task(id);
  // What does no work has no result.
  if (!isWork(task) && task.kind !== "approval") return plain("nil");
  site.results.add(id);
  if (scope.index.isOne(site.task.id, id)) return fields(resultText(scope, id), rest);
  const [first = "", ...further] = rest;
  const results = resultsText(scope, id);
  const key = keyText(first);
  // What no item has is missing as a whole.
  const list = text`(any(${results}, {${key} in #}) ? map(${results}, {get(#, ${key})}) : nil)`;
  return fields(list, further);
}

/** A task's result; nil when it has none. */
function resultText(scope: Scope, id: string): Text {
  const place = scope.placeOf(id);
  if (place.kind === "around") {
    const given = scope.import(
      scope.names.of(id, "result"),
      (parent) => text`toJson(${resultText(parent, id)})`,
    );
    return text`fromJSON(${given})`;
  }
  const name = scope.names.of(id);
  const task = scope.index.task(id);
  const result =
    task.kind === "approval"
      ? `{'approved': tasks['${name}'].outputs.parameters.approved == 'yes' }`
      : `fromJSON(tasks['${name}'].outputs.parameters.result)`;
  return { text: `(tasks['${name}'].status == 'Succeeded' ? ${result} : nil)`, reads: new Set([name]) };
}

/** The results of all items that a task of this DAG sees, as a list. */
function resultsText(scope: Scope, id: string): Text {
  const place = scope.placeOf(id);
  if (place.kind === "here") throw new Error(`"${id}" is in no map. Report this as a bug.`);
  if (place.kind === "around") {
    const given = scope.import(
      scope.names.of(id, "results"),
      (parent) => text`toJson(${resultsText(parent, id)})`,
    );
    return text`fromJSON(${given})`;
  }
  const depth = scope.index.task(id).maps.length - scope.maps.length;
  return listOf(collectResults(scope, place.map, id), depth);
}

function collectResults(scope: Scope, map: string, id: string): Text {
  return scope.collect(map, scope.names.of(id, "result"), (child) => {
    const place = child.placeOf(id);
    if (place.kind === "below") return collectResults(child, place.map, id);
    const name = child.names.of(id);
    const given = `tasks['${name}'].status == 'Succeeded' ? tasks['${name}'].outputs.parameters.result : '{}'`;
    return { text: given, reads: new Set([name]) };
  });
}

/** How a task ended, in our words; of a nested workflow or a map the worst of its parts. */
function statusText({ scope, task: viewer }: Site, id: string): Text {
  const { index } = scope;
  const { kind } = index.task(id);
  const isGroup = (kind === "entry" || kind === "map") && index.isOne(viewer.id, id);
  const failed = isGroup ? partsFailed(index, id) : atom(id, "failed");
  const behind = isGroup ? partsBehindFailure(index, id) : atom(id, "upstream-failed");
  const parts = isGroup ? partsOf(index, id).map((part) => part.id) : [id];
  const succeeded = any(...parts.map((part): Formula => atom(part, "succeeded")));
  const skipped = any(...parts.map((part): Formula => atom(part, "skipped")));
  const says = (formula: Formula, word: string) =>
    text`${condition(scope, formula)} ? ${literalText(word)} : `;
  return text`(${says(failed, "failed")}${says(behind, "upstream-failed")}${condition(scope, succeeded)} ? 'succeeded' : ${condition(scope, skipped)} ? 'skipped' : ${"'succeeded'"})`;
}
