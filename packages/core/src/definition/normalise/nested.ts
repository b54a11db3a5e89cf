import type { WorkflowNode } from "../definition.ts";
import type { NodeDocument } from "../document/document.ts";
import type { NodeReading } from "./context.ts";
import { readMap, readParams } from "./param.ts";
import { readInputs } from "./reference.ts";
import { readShared } from "./shared.ts";

export function readNested(written: NodeDocument<"workflow">, reading: NodeReading): WorkflowNode {
  return {
    kind: "workflow",
    ...readShared(written, reading),
    workflow: written.workflow,
    inputs: readInputs(written.inputs, reading),
    params: readParams(written.params, reading),
    map: readMap(written.map, reading),
  };
}
