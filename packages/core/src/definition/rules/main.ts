import { nearest } from "../../nearest.ts";
import type { DefinitionSite } from "../site.ts";
import type { Rule } from "./rule.ts";

/** There is something to run, and it is clear what. */
export const checkMain: Rule = (definition, report) => {
  const { workflows, unread, broken } = definition;
  for (const { nodes, path, unread: lost, workflow } of workflows) {
    if (nodes.length + lost.size > 0) continue;
    const message = `workflow ${workflow.name} has no node that does work: add one`;
    report({ code: "SCANFLOW_DOCUMENT_INVALID", message, path: [...path, "nodes"] });
  }
  if (workflows.length + unread.size === 0) {
    if (broken.has("workflows")) return;
    report({
      code: "SCANFLOW_DOCUMENT_INVALID",
      message: "there is no workflow: add one",
      path: ["workflows"],
    });
  } else if (!broken.has("main")) checkName(definition, report);
};

const checkName: Rule = (definition: DefinitionSite, report) => {
  const { application, named, unread } = definition;
  const { main } = application;
  if (main === "") {
    const names = [...named.keys(), ...unread].join(", ");
    const message = `"main" is missing: name the workflow that is run when none is named, one of ${names}`;
    if (named.size + unread.size > 1) report({ code: "SCANFLOW_DOCUMENT_INVALID", message, path: [] });
    return;
  }
  const site = named.get(main);
  if (!site) {
    if (unread.has(main)) return;
    report({
      code: "SCANFLOW_WORKFLOW_UNKNOWN",
      message: `there is no workflow ${JSON.stringify(main)} in the application`,
      path: ["main"],
      suggestion: nearest(main, named.keys()),
    });
    return;
  }
  const [input] = site.workflow.inputs;
  if (input === undefined) return;
  const message = `the main workflow ${main} needs the input ${input}, which nothing hands in: read a {file: …} in its nodes, or make a workflow that contains it the main one`;
  report({ code: "SCANFLOW_INPUT_MISSING", message, path: [...site.path, "inputs"] });
};
