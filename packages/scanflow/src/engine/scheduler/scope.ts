import { type Expression, evaluate, type JsonObject, type JsonValue, type PlanValue } from "@scanflow/core";
import type { Scheduled } from "./evolve.ts";
import { at, type Instances } from "./instances.ts";
import { partsOf } from "./outcome.ts";
import type { TaskState } from "./state.ts";

/** Evaluates an expression as one instance sees the run. Raises the coded errors of the expression language. */
export function evaluateFor(run: Scheduled, instance: number, expression: Expression): JsonValue {
  const created = run.state.created;
  if (!created) throw new Error("an expression was evaluated before its run was created");
  return evaluate(expression, {
    params: created.params,
    device: { ...created.device },
    task: (id) => valuesOf(run.instances, instance, id),
    item: (map) => itemOf(run.instances, instance, map),
  });
}

export function valueFor(run: Scheduled, instance: number, value: PlanValue): JsonValue {
  return value.kind === "literal" ? value.value : evaluateFor(run, instance, value.expression);
}

/** The item of the innermost map, or undefined outside a map. */
export function innermostItem(instances: Instances, instance: number): JsonValue | undefined {
  const map = instances.task(instance).maps.at(-1);
  return map === undefined ? undefined : itemOf(instances, instance, map);
}

function itemOf(instances: Instances, instance: number, map: string): JsonValue {
  const depth = instances.task(instance).maps.indexOf(map);
  const upstream = instances.upstream(instance, map);
  if (depth < 0 || upstream.kind === "all") throw new Error(`"${map}" is not a map around this task`);
  const items = instances.state(upstream.instance).items ?? [];
  return at(items, at(instances.state(instance).index, depth));
}

interface TaskValues {
  readonly status: string;
  readonly result: JsonObject;
  readonly metrics: JsonObject;
}

/**
 * What an expression sees of a task. Seen from outside a map, each value is the list of the items' values; a nested
 * workflow has only a status: the worst of its tasks'.
 */
function valuesOf(instances: Instances, instance: number, taskId: string): TaskValues {
  const upstream = instances.upstream(instance, taskId);
  if (upstream.kind === "one") {
    const state = instances.state(upstream.instance);
    const { kind } = instances.task(upstream.instance);
    if (kind === "entry" || kind === "map")
      return { ...ownValues(state), status: groupStatus(instances, upstream.instance) };
    return ownValues(state);
  }
  const states = upstream.instances.map((one) => instances.state(one));
  return {
    status: worst(states.map((state) => state.status)),
    result: project(states.map((state) => state.result)),
    metrics: project(states.map((state) => state.metrics)),
  };
}

function ownValues({ status, result, metrics }: TaskState): TaskValues {
  return { status: status === "up" ? "succeeded" : status, result, metrics };
}

function groupStatus(instances: Instances, entry: number): string {
  return worst(partsOf(instances, entry).map((part) => instances.state(part).status));
}

const FROM_WORST = ["failed", "upstream-failed", "cancelled", "pending", "running", "waiting"];

function worst(statuses: readonly string[]): string {
  for (const status of FROM_WORST) if (statuses.includes(status)) return status;
  return statuses.length > 0 && statuses.every((status) => status === "skipped") ? "skipped" : "succeeded";
}

function project(objects: readonly JsonObject[]): JsonObject {
  const keys = new Set(objects.flatMap((object) => Object.keys(object)));
  return Object.fromEntries([...keys].map((key) => [key, objects.map((object) => object[key] ?? null)]));
}
