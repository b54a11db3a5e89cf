import { evaluateExpr } from "./expr.ts";
import type { Node } from "./manifest.ts";

const WORD = /([a-zA-Z0-9][-a-zA-Z0-9]*?)\.([A-Z][a-zA-Z]+)|([a-zA-Z0-9][-a-zA-Z0-9]*)/g;

/** The tasks that a `depends` names: all of them have to end before it is asked (workflow/common/ancestry.go). */
export function namedIn(depends: string): readonly string[] {
  return [
    ...new Set(Array.from(depends.matchAll(WORD), ([, withResult, , bare]) => withResult ?? bare ?? "")),
  ];
}

/** Whether a task is executed; else it is omitted. A bare name is `Succeeded`, `Skipped` or `Daemoned`. */
export function isExecuted(depends: string, nodeOf: (name: string) => Node): boolean {
  const written = depends.replaceAll(WORD, (_, withResult?: string, result?: string, bare?: string) => {
    const name = (withResult ?? bare ?? "").replaceAll("-", "_");
    return bare === undefined
      ? `${name}.${result}`
      : `(${name}.Succeeded || ${name}.Skipped || ${name}.Daemoned)`;
  });
  const environment = Object.fromEntries(
    namedIn(depends).map((name) => [name.replaceAll("-", "_"), resultsOf(nodeOf(name))]),
  );
  return evaluateExpr(written, environment) === true;
}

function resultsOf({ phase, items }: Node): Readonly<Record<string, boolean>> {
  return {
    Succeeded: phase === "Succeeded",
    Failed: phase === "Failed",
    Errored: phase === "Error",
    Skipped: phase === "Skipped",
    Omitted: phase === "Omitted",
    Daemoned: false,
    AnySucceeded: items?.some((item) => item.phase === "Succeeded") ?? false,
    AllFailed: (items?.length ?? 0) > 0 && (items?.every((item) => item.phase === "Failed") ?? false),
  };
}
