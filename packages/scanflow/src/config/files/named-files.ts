import {
  type Application,
  formatDataName,
  type Plan,
  type PlanGroup,
  type WorkNode,
  type WorkTask,
} from "@scanflow/core";
import { isCheckModule } from "../../runners/check-module.ts";
import { scriptsOf } from "./script.ts";

/** A file of the folder that a task is written with. */
export interface NamedFile {
  /** As it is written: relative to the config's folder. */
  readonly path: string;
  /** What a message calls it. */
  readonly what: string;
  /** Data is what steps write too; code is what people write. A pattern stands for files of code. */
  readonly kind: "data" | "code" | "pattern";
  /** Whether a shell looks for it on the PATH as well. */
  readonly onPath: boolean;
  /** Asked for only where the file is missing. */
  readonly site: () => Site;
}

/** Where it is written: keys inside a node, or inside its workflow's defaults where the node itself does not say it. */
export interface Site {
  readonly workflow: string;
  readonly node: string;
  readonly keys: readonly (string | number)[];
}

export interface Planned {
  readonly application: Application;
  readonly plan: Plan;
}

/** The files that a task needs of the folder, without those inside a container and those with `{{…}}` in their path. */
export function filesOf(task: WorkTask, planned: Planned): readonly NamedFile[] {
  const files = [...inputFiles(task, planned)];
  const { kind } = task.environment;
  if (kind !== "image" && kind !== "dockerfile") files.push(...codeFiles(task, planned));
  return files.filter(({ path }) => !path.includes("{{"));
}

function inputFiles(task: WorkTask, planned: Planned): readonly NamedFile[] {
  return Object.entries(task.inputs).flatMap(([name, input]): readonly NamedFile[] => {
    if (input.kind !== "file") return [];
    const site = () => inputSite(planned, groupOf(planned, task.group), { node: task.name, name });
    return [{ path: input.path, what: "file or folder", kind: "data", onPath: false, site }];
  });
}

function codeFiles(
  { run, code, env, environment, group, name }: WorkTask,
  planned: Planned,
): readonly NamedFile[] {
  const named = (path: string, what: string, keys: Site["keys"], onPath = false): NamedFile => {
    const site = () => ({ workflow: groupOf(planned, group).workflow, node: name, keys });
    return { path, what, kind: "code", onPath, site };
  };
  const files = code.map((pattern, position): NamedFile => {
    return { ...named(pattern, "code", ["code", position]), kind: "pattern" };
  });
  if (environment.kind === "python" && environment.requirements !== null) {
    const keys = ["environment", "python", "requirements"];
    files.push(named(environment.requirements, "requirements file", keys));
  }
  if (environment.kind === "node" && environment.package !== null) {
    files.push(named(environment.package, "package.json", ["environment", "node", "package"]));
  }
  if (run.kind === "module") files.push(named(run.module, "module", ["run", "module"]));
  if (run.kind === "notebook") files.push(named(run.notebook, "notebook", ["run", "notebook"]));
  if (run.kind === "check" && isCheckModule(run.check)) files.push(named(run.check, "checker", ["check"]));
  if (run.kind === "command") {
    const { command } = run;
    for (const { path, word, onPath } of scriptsOf(command)) {
      if (onPath && Object.hasOwn(env, "PATH")) continue;
      files.push(named(path, "script", typeof command === "string" ? ["run"] : ["run", word], onPath));
    }
  }
  return files;
}

/** Where the versions of data are written that inputs of a plan name, by those names. */
export function dataSites(planned: Planned): ReadonlyMap<string, Site> {
  const sites = new Map<string, Site>();
  for (const task of planned.plan.tasks) {
    for (const [name, input] of Object.entries("inputs" in task ? task.inputs : {})) {
      const text = input.kind === "data" ? formatDataName(input) : undefined;
      if (text === undefined || sites.has(text)) continue;
      sites.set(text, inputSite(planned, groupOf(planned, task.group), { node: task.name, name }));
    }
  }
  return sites;
}

/** Where the file of an input is written: in the node, or in the nested node that hands it in. */
function inputSite(
  planned: Planned,
  group: PlanGroup,
  { node, name }: { readonly node: string; readonly name: string },
): Site {
  const source = inputsOf(nodeOf(planned, group, node))[name];
  if (source?.kind === "input" && group.parent !== null) {
    const opener = group.id.slice(group.id.lastIndexOf("/") + 1);
    return inputSite(planned, groupOf(planned, group.parent), { node: opener, name: source.name });
  }
  const keys = ["inputs", name, ...(source?.kind === "file" || source?.kind === "data" ? [source.kind] : [])];
  return { workflow: group.workflow, node, keys };
}

function inputsOf(node: WorkNode | undefined) {
  return node && "inputs" in node ? node.inputs : {};
}

function nodeOf({ application }: Planned, group: PlanGroup, name: string): WorkNode | undefined {
  const workflow = application.workflows.find((each) => each.name === group.workflow);
  return workflow?.nodes.find((node) => node.name === name);
}

function groupOf({ plan }: Planned, id: string): PlanGroup {
  const group = plan.groups.find((each) => each.id === id);
  if (!group) throw new Error(`the plan has no group "${id}"`);
  return group;
}
