import type { ApplicationDocument } from "@scanflow/core";
import type { Case } from "./case.ts";

/** The application that has these cases as its workflows; its files are those of `files/`. */
export function applicationOf(cases: readonly Case[]): ApplicationDocument {
  const workflows = cases.flatMap(({ name, workflow, nested }) => [
    [name, workflow] as const,
    ...Object.entries(nested ?? {}),
  ]);
  return { application: "conformance", main: workflows[0]?.[0], workflows: Object.fromEntries(workflows) };
}
