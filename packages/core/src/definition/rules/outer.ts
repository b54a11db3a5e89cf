import type { DefinitionSite, WorkflowSite } from "../site.ts";

/** Every workflow that contains this one, directly or through others, the nearest first. */
export function surroundings({ workflows }: DefinitionSite, inner: WorkflowSite): readonly WorkflowSite[] {
  const found = new Set<WorkflowSite>();
  const open = [inner];
  for (let next = open.shift(); next; next = open.shift()) {
    const { name } = next.workflow;
    for (const outer of workflows) {
      if (found.has(outer) || outer === inner) continue;
      if (!outer.nodes.some(({ node }) => node.kind === "workflow" && node.workflow === name)) continue;
      found.add(outer);
      open.push(outer);
    }
  }
  return [...found];
}
