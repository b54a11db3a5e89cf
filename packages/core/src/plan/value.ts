import type { ParamValue } from "../definition/definition.ts";
import {
  accessExpression,
  constantExpression,
  type Expression,
  mapReferences,
  referenceExpression,
  references,
} from "../expression/index.ts";
import { type Draft, link, linkOrder, type Resolved, type Scope, type Unit } from "./draft.ts";
import type { PlanValue } from "./plan.ts";

/** Where an expression stands: its names are those of the scope, its `item` that of the innermost map. */
export interface Site {
  readonly scope: Scope;
  readonly maps: readonly string[];
}

/**
 * A condition in the names of the plan; what it reads is awaited, however it ends. A condition that reads results or
 * metrics cannot be judged when the task that should have made them failed: then the task does not start. One that
 * asks for the status, or whose node follows a failure by an edge of order, is meant for failures and is judged.
 */
export function connectCondition(draft: Draft, site: Site, condition: Expression | null): Expression | null {
  if (condition === null) return null;
  const { value, reads } = resolveExpression(site, condition);
  const asked = new Set(references(condition).flatMap((path) => (path[2] === "status" ? [path[1]] : [])));
  for (const unit of reads) {
    const judged = asked.has(unit.node.name) || expectsFailure(draft, unit);
    for (const upstream of unit.drafts) {
      link(draft, upstream, AWAITED);
      if (!judged) linkOrder(draft, upstream, "succeeded");
    }
  }
  return value;
}

function expectsFailure(draft: Draft, unit: Unit): boolean {
  const links = [...draft.links.values()];
  return links.some(
    (edge) => edge.kind === "order" && edge.if !== "succeeded" && unit.drafts.includes(edge.upstream),
  );
}

/**
 * A parameter or a map's list in the names of the plan. What it reads must have succeeded. Of a nested workflow
 * only its opening must: its tasks may fail or be skipped one by one, and are awaited.
 */
export function connectValue(draft: Draft, site: Site, written: ParamValue): PlanValue {
  const { value, reads } = resolveValue(site, written);
  for (const unit of reads) {
    for (const upstream of unit.drafts) {
      link(draft, upstream, unit.inner && upstream !== unit.head ? AWAITED : NEEDED);
    }
  }
  return value;
}

const AWAITED = { kind: "value", if: "finished" } as const;
const NEEDED = { kind: "value", if: "succeeded" } as const;

function resolveExpression(site: Site, expression: Expression): Resolved<Expression> {
  const reads = new Set<Unit>();
  const value = mapReferences(expression, ({ path }) => {
    const [root, name = "", ...keys] = path;
    const unit = root === "nodes" ? site.scope.units.get(name) : undefined;
    if (unit) {
      reads.add(unit);
      return referenceExpression(["tasks", readFrom(unit, keys[0]).id, ...keys]);
    }
    if (root === "item") return referenceExpression(["items", site.maps.at(-1) ?? "", ...path.slice(1)]);
    if (root !== "params" || !site.scope.opener) return referenceExpression(path);
    const param = paramOf(site.scope, name);
    for (const read of param.reads) reads.add(read);
    return expressionOf(accessValue(param.value, keys));
  });
  return { value, reads };
}

/** How a mapped node ended is known from its map; what it wrote, a list from outside, from its work task. */
function readFrom({ head, work }: Unit, facet: string | undefined): Draft {
  return facet === "status" || !work ? head : work;
}

function resolveValue(site: Site, written: ParamValue): Resolved<PlanValue> {
  if (written.kind === "literal") return { value: written, reads: new Set() };
  const { expression } = written;
  if (expression.kind === "reference" && expression.path[0] === "params" && site.scope.opener) {
    const [, name = "", ...keys] = expression.path;
    const param = paramOf(site.scope, name);
    return { value: accessValue(param.value, keys), reads: param.reads };
  }
  const { value, reads } = resolveExpression(site, expression);
  return { value: { kind: "expression", expression: value }, reads };
}

/** What a nested workflow's parameter is: what its node binds, in the names around it, or else the default. */
function paramOf(scope: Scope, name: string): Resolved<PlanValue> {
  const known = scope.params.get(name);
  if (known) return known;
  const { opener, workflow } = scope;
  const bound = opener?.node.params[name];
  const found: Resolved<PlanValue> =
    opener && bound
      ? resolveValue({ scope: opener.scope, maps: scope.maps }, bound)
      : { value: { kind: "literal", value: workflow.params[name]?.default ?? null }, reads: new Set() };
  scope.params.set(name, found);
  return found;
}

function expressionOf(value: PlanValue): Expression {
  return value.kind === "literal" ? constantExpression(value.value) : value.expression;
}

function accessValue(value: PlanValue, keys: readonly string[]): PlanValue {
  if (keys.length === 0) return value;
  return { kind: "expression", expression: accessExpression(expressionOf(value), keys) };
}
