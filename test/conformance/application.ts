import type { ApplicationDocument, WorkflowDocument } from "@scanflow/core";
import type { Case } from "./case.ts";

/** Settings for all nodes of all workflows, where a platform needs other ones than the usual. */
export type Defaults = WorkflowDocument["defaults"];

/** The application that has these cases as its workflows; its files are those of `files/`. */
export function applicationOf(cases: readonly Case[], defaults?: Defaults): ApplicationDocument {
  const workflows = cases.flatMap(({ name, workflow, nested }) => [
    [name, withDefaults(workflow, defaults)] as const,
    ...Object.entries(nested ?? {}).map(([inner, one]) => [inner, withDefaults(one, defaults)] as const),
  ]);
  return { application: "conformance", main: workflows[0]?.[0], workflows: Object.fromEntries(workflows) };
}

function withDefaults(workflow: WorkflowDocument, defaults: Defaults): WorkflowDocument {
  return defaults === undefined ? workflow : { ...workflow, defaults: { ...defaults, ...workflow.defaults } };
}
