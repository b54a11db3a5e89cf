import { NAME_FORM, NAME_PATTERN } from "../document/text.ts";
import type { Path, Report } from "../problem.ts";
import type { NodeSite } from "../site.ts";
import type { Rule } from "./rule.ts";

/** First words of references and expressions: a node or workflow of such a name could not be told from them. */
const RESERVED: ReadonlySet<string> = new Set([
  "params",
  "nodes",
  "inputs",
  "outputs",
  "device",
  "item",
  "tasks",
  "items",
]);

/** Everything has a name that may stand in references, paths, variables and host names. */
export const checkNames: Rule = ({ application, workflows, broken }, report) => {
  const check = (name: string, path: Path) => checkName(name, { path, report });
  if (!broken.has("application")) check(application.name, ["application"]);
  if (application.tracker) check(application.tracker.name, ["tracker", "name"]);
  for (const { workflow, path, nodes, trackers } of workflows) {
    checkName(workflow.name, { path, report, reserved: true });
    for (const name of Object.keys(workflow.params)) check(name, [...path, "params", name]);
    for (const name of Object.keys(workflow.outputs)) check(name, [...path, "outputs", name]);
    for (const [position, name] of workflow.inputs.entries()) check(name, [...path, "inputs", position]);
    for (const site of [...nodes, ...trackers])
      checkName(site.node.name, { path: site.path, report, reserved: true });
    for (const site of nodes) for (const [name, inner] of namesOf(site)) check(name, inner);
  }
};

function namesOf({ node, path }: NodeSite): readonly (readonly [string, Path])[] {
  const keys = (key: string, named: object) =>
    Object.keys(named).map((name): readonly [string, Path] => [name, [...path, key, name]]);
  const sweep = "map" in node && node.map?.kind === "sweep" ? node.map.sweep : {};
  return [
    ...keys("inputs", "inputs" in node ? node.inputs : {}),
    ...keys("outputs", "outputs" in node ? node.outputs : {}),
    ...keys("params", "params" in node ? node.params : {}),
    ...Object.keys(sweep).map((name): readonly [string, Path] => [name, [...path, "map", "sweep", name]]),
    ...(node.kind === "choice" ? node.branches : []).flatMap(({ outputs }, position) =>
      Object.keys(outputs).map((name): readonly [string, Path] => [
        name,
        [...path, "choice", position, "outputs", name],
      ]),
    ),
  ];
}

interface Checking {
  readonly path: Path;
  readonly report: Report;
  readonly reserved?: boolean;
}

function checkName(name: string, { path, report, reserved = false }: Checking): void {
  const shown = JSON.stringify(name.length > 80 ? `${name.slice(0, 77)}...` : name);
  if (!NAME_PATTERN.test(name)) {
    const near = name
      .replace(/^[^A-Za-z]+/, "")
      .replace(/[^A-Za-z0-9_-]+/g, "-")
      .slice(0, 63);
    report({
      code: "SCANFLOW_NAME_ILLEGAL",
      message: `${shown} cannot be a name: use ${NAME_FORM}`,
      path,
      suggestion: NAME_PATTERN.test(near) ? near : undefined,
    });
    return;
  }
  // A name that every object has, such as constructor, would be found where nothing of that name was given.
  if (!(name in {}) && !(reserved && RESERVED.has(name))) return;
  report({ code: "SCANFLOW_NAME_ILLEGAL", message: `${shown} is reserved: use another name`, path });
}
