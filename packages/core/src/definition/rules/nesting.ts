import type { WorkflowNode } from "../definition.ts";
import type { DefinitionSite, WorkflowSite } from "../site.ts";
import type { Rule } from "./rule.ts";
import { sortByWaits } from "./sort.ts";

const MOST_TASKS = 100_000;
const DEEPEST = 50;

/** Workflows that contain themselves, and nesting that would make an endless or enormous plan. */
export const checkNesting: Rule = (definition, report) => {
  const { order, circles } = sortByWaits(nestingOf(definition));
  for (const circle of circles) {
    const [first = ""] = circle;
    const names = [...circle].reverse();
    const shown = [...names.slice(-1), ...names].join(" contains ");
    const message = `a workflow cannot contain itself: ${shown}; repeat work with map instead`;
    report({ code: "SCANFLOW_NESTING_RECURSIVE", message, path: definition.named.get(first)?.path ?? [] });
  }
  const sizes = new Map<string, Size>();
  for (const name of order) {
    const site = definition.named.get(name);
    if (!site) continue;
    const size = sizeOf(site, sizes);
    sizes.set(name, size);
    const message = excess(size);
    if (message === undefined) continue;
    report({ code: "SCANFLOW_DOCUMENT_TOO_LARGE", message: `${name} ${message}`, path: site.path });
    return;
  }
};

interface Size {
  readonly tasks: number;
  readonly depth: number;
}

function sizeOf({ nodes }: WorkflowSite, sizes: ReadonlyMap<string, Size>): Size {
  let [tasks, depth] = [0, 1];
  for (const { node } of nodes) {
    const inner = node.kind === "workflow" ? sizes.get(node.workflow) : undefined;
    tasks += 1 + (inner?.tasks ?? 0);
    depth = Math.max(depth, 1 + (inner?.depth ?? 0));
  }
  return { tasks, depth };
}

function excess({ tasks, depth }: Size): string | undefined {
  if (tasks > MOST_TASKS)
    return `stands for more than ${MOST_TASKS} tasks: repeat work with map instead of nesting`;
  return depth > DEEPEST
    ? `is nested more than ${DEEPEST} levels deep: put the inner workflows side by side`
    : undefined;
}

/** For each workflow those nested in it. */
function nestingOf({ named }: DefinitionSite): ReadonlyMap<string, readonly string[]> {
  return new Map([...named].map(([name, { nodes }]) => [name, nodes.flatMap(({ node }) => innerOf(node))]));
}

function innerOf(node: { readonly kind: string } | WorkflowNode): readonly string[] {
  return "workflow" in node ? [node.workflow] : [];
}
