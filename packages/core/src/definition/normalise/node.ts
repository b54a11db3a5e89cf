import type * as z from "zod";
import { nearest } from "../../nearest.ts";
import type { Node } from "../definition.ts";
import type { Frozen } from "../document/document.ts";
import { NODE_SCHEMAS, type NodeKind, nodeKind } from "../document/kinds.ts";
import { checkForm } from "../issues.ts";
import { readChoice } from "./choice.ts";
import type { NodeReading } from "./context.ts";
import { readApproval, readLabeling } from "./human.ts";
import { readNested } from "./nested.ts";
import { readChecker, readExecutor, readService } from "./runnable.ts";
import { readTracker } from "./tracker.ts";

type NodeReader = (written: object, reading: NodeReading) => Node | undefined;

const READERS: Readonly<Record<NodeKind, NodeReader>> = {
  executor: reader(NODE_SCHEMAS.executor, readExecutor),
  checker: reader(NODE_SCHEMAS.checker, readChecker),
  service: reader(NODE_SCHEMAS.service, readService),
  workflow: reader(NODE_SCHEMAS.workflow, readNested),
  choice: reader(NODE_SCHEMAS.choice, readChoice),
  approval: reader(NODE_SCHEMAS.approval, readApproval),
  labeling: reader(NODE_SCHEMAS.labeling, readLabeling),
  tracker: reader(NODE_SCHEMAS.tracker, readTracker),
};

/** Keys that others refer to: without them nothing can be said about what is right. */
const TELLING_KEYS: readonly string[] = ["inputs", "outputs", "params", "choice"];

/** Checks the form of what is written before it is read. */
function reader<Schema extends z.ZodType>(
  schema: Schema,
  read: (written: Frozen<z.infer<Schema>>, reading: NodeReading) => Node | undefined,
): NodeReader {
  return (written, reading) => {
    const formed = checkForm(written, { schema, path: reading.path, report: reading.report });
    if (formed === undefined || TELLING_KEYS.some((key) => formed.broken.has(key))) return undefined;
    return read(formed.value as Frozen<z.infer<Schema>>, reading);
  };
}

/** A node with its defaults filled in; undefined when its form is wrong, which is reported. */
export function readNode(written: unknown, reading: NodeReading): Node | undefined {
  const { path, report } = reading;
  if (typeof written !== "object" || written === null || Array.isArray(written)) {
    const message = "expected a node: a mapping with the key run, workflow, choice or kind";
    report({ code: "SCANFLOW_DOCUMENT_INVALID", message, path });
    return undefined;
  }
  const kind = nodeKind(written as Readonly<Record<string, unknown>>);
  if (kind !== undefined) return READERS[kind](written, reading);
  const named = "kind" in written;
  const kinds = Object.keys(NODE_SCHEMAS);
  report({
    code: "SCANFLOW_DOCUMENT_INVALID",
    message: named
      ? `expected one of the kinds ${kinds.join(", ")}, found ${JSON.stringify(written.kind).slice(0, 80)}`
      : `"kind" is missing: one of ${kinds.join(", ")} (with the key run, workflow or choice it may be left out)`,
    path: named ? [...path, "kind"] : path,
    suggestion: named && typeof written.kind === "string" ? nearest(written.kind, kinds) : undefined,
  });
  return undefined;
}
