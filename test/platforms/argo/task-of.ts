import type { Node, Task, Template } from "./manifest.ts";
import type { Names } from "./tags.ts";

interface Heard {
  readonly task: Task;
  readonly template: Template;
  readonly around: Names;
  readonly node: Node;
  readonly beside: Readonly<Record<string, Node>>;
}

/** Which task of ours a task of Argo's is, and how it ended in our words; null: none. */
export function taskOf({
  task,
  template,
  around,
  node,
  beside,
}: Heard): { readonly id: string; readonly status: string } | null {
  const annotation = template.metadata?.annotations?.["org.scanflow.task"];
  if (annotation === undefined) return null;
  const given = task.arguments?.parameters ?? [];
  const written = annotation.replace(/^\{\{inputs\.parameters\.(.+)\}\}$/, (tag, parameter) => {
    return given.find(({ name }) => name === parameter)?.value ?? tag;
  });
  let depth = 0;
  const id = written.replaceAll("[*]", () => {
    depth += 1;
    const at = JSON.parse(around[`inputs.parameters.at-${depth}`] ?? "{}") as { index?: number };
    return `[${at.index}]`;
  });
  const rejected = beside[`${task.name}-rejected`]?.phase === "Succeeded";
  return { id, status: rejected ? "failed" : STATUS[node.phase] };
}

const STATUS = {
  Succeeded: "succeeded",
  Failed: "failed",
  Error: "failed",
  Skipped: "skipped",
  Omitted: "upstream-failed",
} as const;
