import { deepFreeze } from "../normalise/deep-freeze.ts";
import { atCall } from "./call.ts";
import { referenceTo } from "./expression.ts";
import type { NodeHandle, WorkflowHandle } from "./handle.ts";
import { outputReferences } from "./reference.ts";

interface Parts<Outputs extends string> {
  readonly document: NodeHandle["document"];
  /** Whose caller wrote the node. */
  readonly builder: (...args: never[]) => unknown;
  readonly outputs: readonly Outputs[];
  readonly workflow?: WorkflowHandle;
}

export function nodeHandle<Outputs extends string>(name: string, parts: Parts<Outputs>): NodeHandle<Outputs> {
  return Object.freeze({
    name,
    document: deepFreeze(atCall(parts.builder, parts.document)),
    outputs: outputReferences(name, parts.outputs),
    status: referenceTo<string>("nodes", name, "status"),
    workflow: parts.workflow ?? null,
    result: (...keys: readonly string[]) => referenceTo<never>("nodes", name, "result", ...keys),
    metric: (metric: string) => referenceTo<number>("nodes", name, "metrics", metric),
  });
}
