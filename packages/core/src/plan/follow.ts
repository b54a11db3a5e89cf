import type { EdgeCondition } from "../definition/definition.ts";
import { type Draft, linkOrder, type Unit } from "./draft.ts";

/**
 * Edges of order from everything that ends a unit: its last tasks, and its entry or map, which is all there is when
 * it is skipped or its list is empty. That some task of a nested or mapped node failed is not known from its last
 * tasks alone, so `failed` waits for them and leaves the rest to a guard.
 */
export function follow(draft: Draft, unit: Unit, condition: EdgeCondition): void {
  const whole = unit.drafts.length === 1;
  const asked = condition === "failed" && !whole ? "finished" : condition;
  linkOrder(draft, unit.head, asked);
  for (const sink of sinksOf(unit)) linkOrder(draft, sink, asked);
  if (asked !== condition) draft.guards.push({ kind: "fallback", failed: [unit.head.id] });
}

/** The tasks of a unit that nothing else of it waits for. Ask only when the edges inside the unit are made. */
function sinksOf(unit: Unit): readonly Draft[] {
  if (unit.sinks) return unit.sinks;
  const awaited = new Set<Draft>();
  for (const draft of unit.drafts) for (const { upstream } of draft.links.values()) awaited.add(upstream);
  unit.sinks = unit.drafts.filter((draft) => !awaited.has(draft));
  return unit.sinks;
}
