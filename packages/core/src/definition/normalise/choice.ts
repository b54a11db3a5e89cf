import { parseChoice } from "../../expression/index.ts";
import type { Branch, BranchTargets, ChoiceNode } from "../definition.ts";
import type { NodeDocument } from "../document/document.ts";
import { at, type NodeReading, type Reading } from "./context.ts";
import { readCondition, readText } from "./expression.ts";
import { readSources } from "./reference.ts";
import { readShared } from "./shared.ts";

type WrittenBranch = Exclude<NodeDocument<"choice">["choice"], string>[number];

export function readChoice(written: NodeDocument<"choice">, reading: NodeReading): ChoiceNode {
  const inner = at(reading, "choice");
  const branches =
    typeof written.choice === "string"
      ? readBranchesOfText(written.choice, inner)
      : written.choice.map((branch, position) => readBranch(branch, at(inner, position)));
  return { kind: "choice", ...readShared(written, reading), branches };
}

function readBranchesOfText(text: string, reading: Reading): Branch[] {
  const choice = readText(reading, () => parseChoice(text));
  return (choice?.branches ?? []).map(({ when, run }) => ({
    when,
    run:
      "firstOf" in run ? { kind: "first-of", nodes: run.firstOf } : { kind: "sequence", nodes: run.sequence },
    outputs: {},
  }));
}

function readBranch(written: WrittenBranch, reading: Reading): Branch {
  return {
    when: readCondition(written.when, at(reading, "when")),
    run: readTargets(written.run),
    outputs: readSources(written.outputs, at(reading, "outputs")),
  };
}

function readTargets(written: WrittenBranch["run"]): BranchTargets {
  if (written === undefined) return { kind: "none" };
  if (typeof written === "string") return { kind: "sequence", nodes: [written] };
  if ("firstOf" in written) return { kind: "first-of", nodes: written.firstOf };
  return written.length === 0 ? { kind: "none" } : { kind: "sequence", nodes: written };
}
