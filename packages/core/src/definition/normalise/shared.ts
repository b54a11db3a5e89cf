import type { OrderEdge, WorkNode } from "../definition.ts";
import type { NodeDocument } from "../document/document.ts";
import { at, type NodeReading } from "./context.ts";
import { DEFINITION_DEFAULTS } from "./defaults.ts";
import { readCondition } from "./expression.ts";

type Written = Pick<NodeDocument<"executor">, "description" | "when" | "after">;
type Shared = Pick<WorkNode, "name" | "description" | "when" | "after">;

/** What every node that becomes a task has. */
export function readShared(written: Written, reading: NodeReading): Shared {
  const { description = "", after = [] } = written;
  return {
    name: reading.name,
    description,
    when: readCondition(written.when, at(reading, "when")),
    after: after.map(readEdge),
  };
}

function readEdge(written: NonNullable<Written["after"]>[number]): OrderEdge {
  const fallback = DEFINITION_DEFAULTS.after.if;
  return typeof written === "string"
    ? { node: written, if: fallback }
    : { node: written.node, if: written.if ?? fallback };
}
