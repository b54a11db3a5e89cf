import type { Node, Template } from "./manifest.ts";
import type { Names } from "./tags.ts";

interface Heard {
  readonly template: Template;
  readonly around: Names;
  readonly node: Node;
  readonly beside: Readonly<Record<string, Node>>;
}

/** Which task of ours a task of Argo's is, and how it ended in our words; null: none. */
export function taskOf({
  template,
  around,
  node,
  beside,
}: Heard): { readonly id: string; readonly status: string } | null {
  const written = template.metadata?.annotations?.["org.scanflow.task"];
  if (written === undefined) return null;
  let depth = 0;
  const id = written.replaceAll("[*]", () => {
    depth += 1;
    const at = JSON.parse(around[`inputs.parameters.at-${depth}`] ?? "{}") as { index?: number };
    return `[${at.index}]`;
  });
  const rejected = beside[`${template.name}-rejected`]?.phase === "Succeeded";
  return { id, status: rejected ? "failed" : STATUS[node.phase] };
}

const STATUS = {
  Succeeded: "succeeded",
  Failed: "failed",
  Error: "failed",
  Skipped: "skipped",
  Omitted: "upstream-failed",
} as const;
