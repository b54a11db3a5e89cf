import { basename, dirname } from "node:path";
import {
  application,
  definitionError,
  executor,
  formatProblem,
  type Locate,
  type Path,
  type Problem,
  type Project,
  type ProjectEntry,
  parseApplication,
  project,
  ScanflowError,
  type WorkflowHandle,
  workflow,
} from "@scanflow/core";
import { applicationName } from "../application-name.ts";
import type { LoadedApplication } from "../loaded-application.ts";
import { readProject } from "./read-project.ts";

/**
 * The application that an MLproject file is: each entry point a workflow of one executor, whose parameters are those of
 * the workflow. The main one is `main`, else the first.
 *
 * Throws `SCANFLOW_CONFIG_MISSING`, `SCANFLOW_CONFIG_SYNTAX`, and `SCANFLOW_DEFINITION_INVALID` with every problem.
 */
export function loadMlproject(file: string): LoadedApplication {
  const root = dirname(file);
  const read = readProject(root, root);
  if (read === undefined) {
    const message = `There is no MLproject file in ${root} any more. Put it there again.`;
    throw new ScanflowError("SCANFLOW_CONFIG_MISSING", message, { place: { file, path: [] } });
  }
  const { found, locate } = read;
  if ("problems" in found) throw definitionError(found.problems);
  const name = applicationName(read.name ?? basename(root));
  const document = documentOf(name, found);
  const written: Locate = (path) => locate(pathInProject(path));
  const parsed = parseApplication(document, { file, locate: written, projects: () => found });
  if (!parsed.ok) throw definitionError(distinct(parsed.problems));
  return {
    application: parsed.application,
    file,
    root,
    warnings: read.warnings,
    written: { document, locate: written, pathOf: pathInProject },
  };
}

const MAIN = "main";

function documentOf(name: string, { entries }: Project) {
  const workflows = Object.entries(entries).map(([entry, written]) => workflowOf(entry, written));
  const main = workflows.find((each) => each.name === MAIN) ?? workflows[0];
  return application(name, { workflows, ...(main && { main }) });
}

function workflowOf(name: string, entry: ProjectEntry): WorkflowHandle {
  const specs = Object.entries(entry.params).map(([param, { type, default: value }]) => [
    param,
    { type, ...(value !== undefined && { default: value }) },
  ]);
  return workflow(name, { params: Object.fromEntries(specs) }, ({ params }) => ({
    nodes: [executor(name, { run: project(".", name), params })],
  }));
}

/** Where what stands at a path of the application is written in the MLproject file. */
function pathInProject([part, entry, key, name, ...rest]: Path): Path {
  if (part === "application") return ["name"];
  if (part !== "workflows" || entry === undefined) return [];
  if (key === "params" && name !== undefined) return ["entry_points", entry, "parameters", name];
  const [inner, param] = rest;
  if (inner === "params" && param !== undefined) return ["entry_points", entry, "parameters", param];
  return inner === "run" ? ["entry_points", entry, "command"] : ["entry_points", entry];
}

/** Problems with the paths of the MLproject file: what is wrong with a workflow is so with its node. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  const lines = problems.map((problem): [string, Problem] => {
    const moved = { ...problem, place: { ...problem.place, path: pathInProject(problem.place.path) } };
    return [formatProblem(moved), moved];
  });
  return [...new Map(lines).values()];
}
