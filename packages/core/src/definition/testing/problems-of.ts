import type { Problem } from "../index.ts";
import { parseApplication } from "../parse-application.ts";
import { formatPath } from "../problem.ts";

/** Problems of a document as `[code, path, suggestion]`; none when it is valid. */
export function problemsOf(document: unknown): readonly (readonly (string | undefined)[])[] {
  return problemsIn(document).map(({ code, place, suggestion }) => [
    code,
    formatPath(place.path),
    suggestion,
  ]);
}

export function problemsIn(document: unknown): readonly Problem[] {
  const parsed = parseApplication(document);
  return parsed.ok ? [] : parsed.problems;
}

/** An application with one workflow of these nodes. */
export function withNodes(nodes: object, workflow: object = {}): object {
  return { application: "a", workflows: { w: { ...workflow, nodes } } };
}
