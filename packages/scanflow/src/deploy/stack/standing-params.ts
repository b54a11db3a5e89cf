import { evaluate, type JsonObject, type JsonValue, references, type Scope } from "@scanflow/core";
import type { Standing } from "./standing.ts";

/** Its params; those that hang on the workflow's own have the defaults of these. */
export function standingParams({ plan, task }: Standing): JsonObject {
  const params: Record<string, JsonValue> = {};
  for (const [name, { default: value }] of Object.entries(plan.params)) {
    if (value !== undefined) params[name] = value;
  }
  const scope: Scope = { params, task: nothing, item: nothing, device: nowhere };
  const values = Object.entries(task.params).map(([name, value]): [string, JsonValue] => [
    name,
    value.kind === "literal" ? value.value : evaluate(value.expression, scope),
  ]);
  return Object.fromEntries(values);
}

/** Names of its params whose values are known in a run only. */
export function paramsOfRuns({ plan, task }: Standing): readonly string[] {
  return Object.entries(task.params).flatMap(([name, value]) => {
    if (value.kind === "literal") return [];
    const known = references(value.expression).every(
      ([root, param]) => root === "params" && plan.params[String(param)]?.default !== undefined,
    );
    return known ? [] : [name];
  });
}

const nothing = () => undefined;
const nowhere = { kind: "", cpus: 0, memory: 0, gpus: 0, platform: "", arch: "" };
