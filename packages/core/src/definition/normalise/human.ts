import type { ApprovalNode, LabelingNode } from "../definition.ts";
import type { NodeDocument } from "../document/document.ts";
import type { NodeReading } from "./context.ts";
import { readOutputs } from "./output.ts";
import { readInputs } from "./reference.ts";
import { readShared } from "./shared.ts";

export function readApproval(written: NodeDocument<"approval">, reading: NodeReading): ApprovalNode {
  const { message = "" } = written;
  return {
    kind: "approval",
    ...readShared(written, reading),
    message,
    inputs: readInputs(written.inputs, reading),
  };
}

export function readLabeling(written: NodeDocument<"labeling">, reading: NodeReading): LabelingNode {
  const { message = "" } = written;
  return {
    kind: "labeling",
    ...readShared(written, reading),
    message,
    inputs: readInputs(written.inputs, reading),
    outputs: readOutputs(written.outputs, reading),
  };
}
