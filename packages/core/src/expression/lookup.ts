import type { JsonValue } from "../json.ts";
import { type Expression, type ReferenceExpression, referenceExpression } from "./ast.ts";
import { pathProblem } from "./names.ts";
import type { Scope, TaskValues } from "./scope.ts";
import { nameError, typeError } from "./type-error.ts";
import { isList, settled } from "./values.ts";

const INDEX = /^-?\d+$/;

/**
 * The value of a reference; what is not there is null.
 *
 * Throws `SCANFLOW_EXPRESSION_TYPE` when a key is asked of a number, string or boolean, or a name of a list;
 * `SCANFLOW_EXPRESSION_NAME` for names that a plan does not have.
 */
export function lookup({ path }: ReferenceExpression, scope: Scope): JsonValue {
  let { value, used } = start(path, scope);
  for (; used < path.length && value !== null; used += 1) {
    value = at(value, path[used] ?? "", () => referenceExpression(path.slice(0, used)));
  }
  return value;
}

/** Whether a reference leads to something other than null; never throws for values of an unexpected form. */
export function leadsSomewhere({ path }: ReferenceExpression, scope: Scope): boolean {
  const first = start(path, scope);
  let value: JsonValue | undefined = first.value;
  for (const key of path.slice(first.used)) value = settled(field(value, key));
  return value !== null;
}

/** What `value` holds under a key: an own field of an object, or an item of a list (negative: from the end). */
export function at(value: JsonValue, key: string | number, part: () => Expression): JsonValue {
  if (value === null || typeof value !== "object") {
    if (value === null) return null;
    throw typeError(part(), value, `it is used as if it had a field ${JSON.stringify(key)}`);
  }
  const found = field(value, key);
  if (found === undefined && isList(value) && typeof key === "string" && !INDEX.test(key)) {
    throw typeError(part(), value, `it is used as if it had a field ${JSON.stringify(key)}`);
  }
  return settled(found);
}

function field(value: JsonValue, key: string | number): JsonValue | undefined {
  if (value === null || typeof value !== "object") return undefined;
  if (isList(value)) return INDEX.test(String(key)) ? value.at(Number(key)) : undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The value under the fixed part of a path, and how long that part is. */
function start(path: readonly string[], scope: Scope): { value: JsonValue; used: number } {
  const problem = pathProblem(path, "plan");
  if (problem) throw nameError(referenceExpression(path), problem.message);
  const [root = "", name = "", facet = ""] = path;
  switch (root) {
    case "params":
      return { value: settled(field(scope.params, name)), used: 2 };
    case "device":
      return { value: settled(field({ ...scope.device }, name)), used: 2 };
    case "items":
      return { value: settled(scope.item(name)), used: 2 };
    default:
      return { value: taskValue(facet, scope.task(name), path[3]), used: facet === "metrics" ? 4 : 3 };
  }
}

/** For metrics, the value of one of them, or all when no key follows. */
function taskValue(facet: string, task: TaskValues | undefined, metric: string | undefined): JsonValue {
  if (task === undefined) return null;
  if (facet === "status") return task.status;
  if (facet === "result") return settled(task.result);
  if (metric !== undefined) return settled(field(task.metrics, metric));
  return Object.fromEntries(Object.entries(task.metrics).map(([name, value]) => [name, settled(value)]));
}
