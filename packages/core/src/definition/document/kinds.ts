import { approval } from "./approval.ts";
import { checker } from "./checker.ts";
import { choice } from "./choice.ts";
import { executor } from "./executor.ts";
import { labeling } from "./labeling.ts";
import { nested } from "./nested.ts";
import { service } from "./service.ts";
import { tracker } from "./tracker.ts";

/** Every kind of node that a document may hold, with its schema. */
export const NODE_SCHEMAS = {
  executor,
  checker,
  service,
  workflow: nested,
  choice,
  approval,
  labeling,
  tracker,
} as const;

export type NodeKind = keyof typeof NODE_SCHEMAS;

/** Keys that tell the kind of a node that does not name it. */
const TELLING_KEYS: Readonly<Record<string, NodeKind>> = {
  run: "executor",
  check: "checker",
  workflow: "workflow",
  choice: "choice",
};

/**
 * The kind of a written node: what its `kind` says, or else what the key `run`, `check`, `workflow` or `choice` tells;
 * undefined when neither does.
 */
export function nodeKind(written: Readonly<Record<string, unknown>>): NodeKind | undefined {
  const { kind } = written;
  if (typeof kind === "string") return Object.hasOwn(NODE_SCHEMAS, kind) ? (kind as NodeKind) : undefined;
  if (kind !== undefined) return undefined;
  const telling = Object.keys(TELLING_KEYS).find((key) => Object.hasOwn(written, key));
  return telling === undefined ? undefined : TELLING_KEYS[telling];
}
