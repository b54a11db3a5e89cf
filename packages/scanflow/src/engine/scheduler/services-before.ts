import type { Plan } from "@scanflow/core";

const BEFORE = new WeakMap<Plan, readonly (readonly number[])[]>();

/** Of each task of a plan, by position: the positions of the services before it. */
export function servicesBefore(plan: Plan): readonly (readonly number[])[] {
  const known = BEFORE.get(plan);
  if (known) return known;
  const positions = new Map(plan.tasks.map(({ id }, position) => [id, position]));
  const before: (readonly number[])[] = [];
  // Upstreams stand before what hangs on them.
  for (const task of plan.tasks) {
    const services = new Set<number>();
    for (const edge of task.upstreams) {
      const position = positions.get(edge.task) ?? -1;
      if (plan.tasks[position]?.kind === "service") services.add(position);
      for (const far of before[position] ?? []) services.add(far);
    }
    before.push([...services].sort((a, b) => a - b));
  }
  BEFORE.set(plan, before);
  return before;
}
