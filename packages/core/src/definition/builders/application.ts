import type { ApplicationDocument } from "../document/document.ts";
import { deepFreeze } from "../normalise/deep-freeze.ts";
import { atCall } from "./call.ts";
import { collected } from "./collection.ts";
import type { WorkflowHandle } from "./handle.ts";

interface Settings extends Pick<ApplicationDocument, "description" | "tracker"> {
  /** The workflow that `scanflow run` runs when none is named; may be left out when there is only one. */
  readonly main?: WorkflowHandle;
  /** Further workflows. Those that are nested in others come by themselves. */
  readonly workflows?: readonly WorkflowHandle[];
}

/** An application has at least one workflow: its main one, or a list. */
export type ApplicationOptions = Settings &
  (Required<Pick<Settings, "main">> | Required<Pick<Settings, "workflows">>);

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
  const open = [...(main ? [main] : []), ...workflows].toReversed();
  for (let next = open.pop(); next; next = open.pop()) {
    if (all.has(next)) continue;
    all.add(next);
    open.push(...next.nested.toReversed());
  }
  const document: ApplicationDocument = {
    application: name,
    ...settings,
    ...(main && { main: main.name }),
    workflows: collected([...all]),
  };
  return deepFreeze(atCall(application, document));
}
