import type { EdgeCondition, OrderEdge, WorkNode } from "../definition/definition.ts";
import { chosenBy, lastTargetsOf } from "../definition/sources.ts";
import { type Draft, linkOrder, type Unit } from "./draft.ts";

/**
 * The edges of order that a node is written with. Who comes after a choice comes after all that was chosen; what the
 * choice itself runs comes after the decision.
 */
export function followWritten({ node, scope, head }: Unit, { node: name, if: condition }: OrderEdge): void {
  const upstream = scope.units.get(name);
  if (upstream === undefined) return;
  if (isChosenBy(node, upstream)) linkOrder(head, upstream.head, condition);
  else follow(head, upstream, condition);
}

function isChosenBy({ name }: WorkNode, { node, scope }: Unit): boolean {
  return node.kind === "choice" && chosenBy(node, (each) => scope.units.get(each)?.node).has(name);
}

/**
 * Edges of order from everything that ends a unit: its last tasks, and its entry or map, which is all there is when
 * it is skipped or its list is empty; of a choice the last tasks of every branch too, of which only those of the branch
 * that is taken are not skipped. That some task of a nested or mapped node, or of a branch, failed is not known from
 * the last tasks alone, so `failed` waits for them and leaves the rest to a guard.
 */
export function follow(draft: Draft, unit: Unit, condition: EdgeCondition): void {
  const ends = endsOf(unit);
  const whole = ends.length === 1;
  const asked = condition === "failed" && !whole ? "finished" : condition;
  for (const end of ends) linkOrder(draft, end, asked);
  if (asked !== condition) draft.guards.push({ kind: "fallback", failed: [unit.head.id] });
}

function endsOf(unit: Unit): readonly Draft[] {
  const ends = new Set<Draft>();
  const open = [unit];
  for (const each of open) {
    const { node, scope, head } = each;
    if (ends.has(head)) continue;
    for (const end of [head, ...sinksOf(each)]) ends.add(end);
    if (node.kind !== "choice") continue;
    open.push(...lastTargetsOf(node).flatMap((name) => scope.units.get(name) ?? []));
  }
  return [...ends];
}

/** The tasks of a unit that nothing else of it waits for. Ask only when the edges inside the unit are made. */
function sinksOf(unit: Unit): readonly Draft[] {
  if (unit.sinks) return unit.sinks;
  const awaited = new Set<Draft>();
  for (const draft of unit.drafts) for (const { upstream } of draft.links.values()) awaited.add(upstream);
  unit.sinks = unit.drafts.filter((draft) => !awaited.has(draft));
  return unit.sinks;
}
