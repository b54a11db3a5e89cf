import { nearest } from "../../nearest.ts";
import type { Branch, ChoiceNode } from "../definition.ts";
import type { Path, Report } from "../problem.ts";
import type { NodeSite } from "../site.ts";
import { placedIn, targetsOf } from "../sources.ts";
import { checkNodeName } from "./references.ts";
import type { Rule } from "./rule.ts";

/** Branches run nodes that are there and that no other branch runs, and have the same outputs, which can be there. */
export const checkChoices: Rule = (definition, report) => {
  for (const workflow of definition.workflows) {
    const takers = new Map<string, string>();
    for (const { node, path } of workflow.nodes) {
      if (node.kind !== "choice") continue;
      const site = { node, path: [...path, "choice"] };
      checkOtherwise(site, report);
      checkOutputs(site, report);
      for (const [position, branch] of node.branches.entries()) {
        for (const target of targetsOf(branch)) {
          const place = [...site.path, position, "run"];
          if (!checkNodeName(target, place, { definition, workflow, report })) continue;
          checkTaken(target, { takers, choice: node.name, path: place, report });
        }
      }
    }
  }
};

interface Taking {
  /** Targets so far, with the choice that runs them. */
  readonly takers: Map<string, string>;
  readonly choice: string;
  readonly path: Path;
  readonly report: Report;
}

function checkTaken(target: string, { takers, choice, path, report }: Taking): void {
  const taker = takers.get(target);
  takers.set(target, choice);
  if (taker === undefined) return;
  const where = taker === choice ? "another branch of this choice" : `the choice ${taker}`;
  const message = `${target} is run by ${where} already: write a node of its own for this branch`;
  report({ code: "SCANFLOW_CHOICE_INVALID", message, path });
}

function checkOtherwise({ node, path }: NodeSite<ChoiceNode>, report: Report): void {
  for (const [position, { when }] of node.branches.slice(0, -1).entries()) {
    if (when !== null) continue;
    const message =
      "a branch without `when` is taken always, so it must be the last: give this one a condition";
    report({ code: "SCANFLOW_CHOICE_INVALID", message, path: [...path, position] });
  }
}

function checkOutputs({ node, path }: NodeSite<ChoiceNode>, report: Report): void {
  const names = [...new Set(node.branches.flatMap(({ outputs }) => Object.keys(outputs)))];
  const targets = new Set(node.branches.flatMap(targetsOf));
  for (const [position, branch] of node.branches.entries()) {
    checkSameNames(branch, { names, path: [...path, position], report });
    const own = new Set(targetsOf(branch));
    for (const [name, source] of Object.entries(branch.outputs)) {
      for (const [place, reference] of placedIn(source, [...path, position, "outputs", name])) {
        if (reference.kind !== "output" || own.has(reference.node) || !targets.has(reference.node)) continue;
        const message = `${reference.node} runs only when another branch is taken: name what this branch runs, or what ran before the choice`;
        report({ code: "SCANFLOW_CHOICE_INVALID", message, path: place });
      }
    }
  }
}

interface Naming {
  readonly names: readonly string[];
  readonly path: Path;
  readonly report: Report;
}

function checkSameNames({ outputs }: Branch, { names, path, report }: Naming): void {
  const own = Object.keys(outputs);
  const missing = names.filter((name) => !own.includes(name));
  if (missing.length === 0) return;
  const [first = ""] = missing;
  report({
    code: "SCANFLOW_CHOICE_INVALID",
    message: `every branch has the same outputs; this one lacks ${missing.join(", ")}`,
    path: own.length === 0 ? path : [...path, "outputs"],
    suggestion: nearest(first, own) === undefined ? undefined : first,
  });
}
