import type { ApplicationDocument } from "../document/document.ts";
import { deepFreeze } from "../normalise/deep-freeze.ts";
import { collected } from "./collection.ts";
import type { WorkflowHandle } from "./handle.ts";

export interface ApplicationOptions extends Pick<ApplicationDocument, "description" | "tracker"> {
  /** The workflow that `scanflow run` runs when none is named. */
  readonly main: WorkflowHandle;
  /** Further workflows. Those that are nested in others come by themselves. */
  readonly workflows?: readonly WorkflowHandle[];
}

/**
 * An application: the default export of `scanflow.config.ts`. What it gives is what would stand in
 * `scanflow.yaml`, as frozen data; `parseApplication` checks it.
 *
 * ```ts
 * import { application, executor, workflow } from "@scanflow/core";
 *
 * const hello = workflow("hello", {}, () => ({ nodes: [executor("greet", { run: "echo hello" })] }));
 *
 * export default application("hello", { main: hello });
 * ```
 */
export function application(name: string, options: ApplicationOptions): ApplicationDocument {
  const { main, workflows = [], ...settings } = options;
  const all = new Set<WorkflowHandle>();
  const open = [main, ...workflows].toReversed();
  for (let next = open.pop(); next; next = open.pop()) {
    if (all.has(next)) continue;
    all.add(next);
    open.push(...next.nested.toReversed());
  }
  return deepFreeze({ application: name, ...settings, main: main.name, workflows: collected([...all]) });
}
