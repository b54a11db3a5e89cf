import type {
  CheckerNode,
  ExecutorNode,
  MapDefinition,
  ServiceNode,
  ServiceSettings,
} from "../definition/definition.ts";
import { references } from "../expression/index.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import { connectChoice, markSpared } from "./branch.ts";
import type { Draft, Scope, TaskBody, Unit } from "./draft.ts";
import { followWritten } from "./follow.ts";
import type { PlanValue } from "./plan.ts";
import { connectInputs } from "./source.ts";
import { connectCondition, connectValue, type Site } from "./value.ts";

/** Makes the edges, guards and bodies of a scope's tasks, nested scopes first: order on them asks for their last tasks. */
export function connectScope(scope: Scope): void {
  for (const { inner } of scope.units.values()) if (inner) connectScope(inner);
  for (const unit of scope.units.values()) connectUnit(unit);
  markSpared(scope);
}

function connectUnit(unit: Unit): void {
  const { node, scope, head, work } = unit;
  for (const edge of node.after) followWritten(unit, edge);
  const conditional = work && readsItem(unit) ? work : head;
  conditional.when = connectCondition(conditional, { scope, maps: conditional.maps }, node.when);

  if ("map" in node && node.map) {
    head.body = {
      kind: "map",
      over: mapList(head, { scope, maps: head.maps }, node.map),
      concurrency: node.map.concurrency,
    };
  } else if (node.kind === "workflow") {
    head.body = { kind: "entry" };
  }
  if (work) work.body = workBody(work, unit);
}

/** A condition on a mapped node's item is asked once per item; any other once for all. */
function readsItem({ node }: Unit): boolean {
  if (!("map" in node && node.map) || node.when === null) return false;
  return references(node.when).some(([root]) => root === "item");
}

function mapList(draft: Draft, site: Site, map: MapDefinition): PlanValue {
  if (map.kind === "over") return connectValue(draft, site, map.over);
  const combinations = Object.entries(map.sweep).reduce<readonly JsonObject[]>(
    (items, [name, values]) => items.flatMap((item) => values.map((value) => ({ ...item, [name]: value }))),
    [{}],
  );
  return { kind: "literal", value: combinations satisfies JsonValue };
}

function workBody(draft: Draft, { node, scope }: Unit): TaskBody | null {
  switch (node.kind) {
    case "executor":
    case "checker":
    case "service":
      return runnableBody(draft, node, scope);
    case "choice":
      return connectChoice(draft, node, scope);
    case "approval":
      return { kind: "approval", message: node.message, inputs: connectInputs(draft, scope, node.inputs) };
    case "labeling":
      return {
        kind: "labeling",
        message: node.message,
        inputs: connectInputs(draft, scope, node.inputs),
        outputs: node.outputs,
      };
    case "workflow":
      return null;
  }
}

function runnableBody(draft: Draft, node: ExecutorNode | CheckerNode | ServiceNode, scope: Scope): TaskBody {
  const site = { scope, maps: draft.maps };
  const params = Object.entries(node.params).map(([name, value]): [string, PlanValue] => [
    name,
    connectValue(draft, site, value),
  ]);
  return {
    kind: node.kind,
    run: node.run,
    code: node.code,
    inputs: connectInputs(draft, scope, node.inputs),
    outputs: node.outputs,
    params: Object.fromEntries(params),
    environment: node.environment,
    resources: node.resources,
    placement: node.placement,
    env: node.env,
    secrets: node.secrets,
    retry: node.retry,
    timeout: node.timeout,
    cache: node.cache,
    allowFailure: node.allowFailure,
    failOn: node.kind === "checker" ? node.failOn : "never",
    tracker: scope.group.tracker,
    service: node.kind === "service" ? serviceOf(node) : null,
  };
}

function serviceOf({ port, replicas, maxReplicas, health }: ServiceNode): ServiceSettings {
  return { port, replicas, maxReplicas, health };
}
