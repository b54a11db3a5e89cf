import type { TrackerNode } from "../definition.ts";
import type { ApplicationDocument, NodeDocument } from "../document/document.ts";
import { DEFINITION_DEFAULTS } from "./defaults.ts";

export function readTracker(
  written: NodeDocument<"tracker">,
  { name }: { readonly name: string },
): TrackerNode {
  const { description = "", port = DEFINITION_DEFAULTS.tracker.port } = written;
  return { kind: "tracker", name, description, port };
}

/** The tracker of an application. */
export function readApplicationTracker(written: ApplicationDocument["tracker"]): TrackerNode | null {
  if (written === undefined) return null;
  const { name = DEFINITION_DEFAULTS.tracker.name, description, port } = written;
  return readTracker({ kind: "tracker", description, port }, { name });
}
