import { join, relative, sep } from "node:path";
import {
  checkForm,
  type Locate,
  type Problem,
  ProblemList,
  type Project,
  type ProjectEntry,
  type Report,
} from "@scanflow/core";
import type * as z from "zod";
import { Folder } from "../files/folder.ts";
import { isFile } from "../is-file.ts";
import { readTextNow } from "../read-text.ts";
import { parseYaml, type YamlConfig } from "../read-yaml.ts";
import { mlprojectIn } from "./find-mlproject.ts";
import { mlprojectForm } from "./forms.ts";
import { readEntry } from "./read-entry.ts";
import { type EnvironmentSource, readCondaEnv, readPythonEnv } from "./read-environment.ts";

/** What was read of a folder with an MLproject file. */
export interface ReadProject {
  /** Its name; undefined: it has none. */
  readonly name: string | undefined;
  readonly found: Project | { readonly problems: readonly Problem[] };
  readonly warnings: readonly Problem[];
  /** Where the parts of the MLproject file stand. */
  readonly locate: Locate;
}

/**
 * Reads the MLproject file of a folder and the environment file that it names; undefined when there is none. Paths in
 * the result are relative to `root`, the config's folder. Both are absolute.
 *
 * Throws `SCANFLOW_CONFIG_UNREADABLE`, and `SCANFLOW_CONFIG_SYNTAX` for what is not YAML.
 */
export function readProject(folder: string, root: string): ReadProject | undefined {
  const file = mlprojectIn(folder);
  if (file === undefined) return undefined;
  const { document, locate, textAt } = parseYaml(readTextNow(file), file);
  const problems = new ProblemList({ file, locate });
  const warnings = new ProblemList({ file, locate });
  const read = problems.collect((report) => {
    const formed = checkForm(document, { schema: mlprojectForm, path: [], report });
    if (formed === undefined || formed.broken.has("entry_points")) return undefined;
    const form = formed.value;
    const warn: Report = (finding) => warnings.collect((tell) => tell(finding));
    const entries = readEntries(form, { report, textAt });
    return { name: form.name, project: { entries, ...environmentOf(form, { folder, root, report, warn }) } };
  });
  const failed = read === undefined || problems.found.length > 0;
  return {
    name: read?.name,
    found: failed ? { problems: problems.sorted() } : read.project,
    warnings: warnings.sorted(),
    locate,
  };
}

type Form = z.infer<typeof mlprojectForm>;

function readEntries(
  { entry_points = {}, databricks_spark_job }: Form,
  { report, textAt }: { readonly report: Report; readonly textAt: YamlConfig["textAt"] },
): Record<string, ProjectEntry> {
  if (databricks_spark_job !== undefined) {
    const message = "jobs of Databricks are not run: write an entry point with a command";
    report({ code: "SCANFLOW_NOT_RUNNABLE", message, path: ["databricks_spark_job"] });
  } else if (Object.keys(entry_points).length === 0) {
    const message =
      "there is no entry point: add entry_points with a command, such as main: {command: python train.py}";
    report({ code: "SCANFLOW_PROJECT_ENTRY", message, path: ["entry_points"] });
  }
  const entries: Record<string, ProjectEntry> = {};
  for (const [name, written] of Object.entries(entry_points)) {
    const entry = readEntry({ written, path: ["entry_points", name], report, textAt });
    if (entry) entries[name] = entry;
  }
  return entries;
}

interface Surroundings {
  readonly folder: string;
  readonly root: string;
  readonly report: Report;
  readonly warn: Report;
}

const NOTHING: Omit<Project, "entries"> = { environment: undefined, env: {}, secrets: [] };

/** The environment that is named, else the file of the usual name, else none: then it is that of the machine. */
function environmentOf(form: Form, around: Surroundings): Omit<Project, "entries"> {
  const { docker_env: docker, python_env, conda_env } = form;
  const named = (["docker_env", "python_env", "conda_env"] as const).filter((key) => form[key] !== undefined);
  for (const key of named.slice(1)) {
    const message = `a project has one environment, and ${named[0]} is one already: remove one of them`;
    around.report({ code: "SCANFLOW_PROJECT_ENVIRONMENT", message, path: [key] });
  }
  if (docker) return dockerOf(docker, around);
  if (python_env !== undefined) return fileOf("python_env", python_env, around);
  if (conda_env !== undefined) return fileOf("conda_env", conda_env, around);
  if (isFile(join(around.folder, "python_env.yaml"))) return fileOf("python_env", "python_env.yaml", around);
  if (isFile(join(around.folder, "conda.yaml"))) return fileOf("conda_env", "conda.yaml", around);
  return NOTHING;
}

function dockerOf(
  { image, volumes = [], environment = [] }: NonNullable<Form["docker_env"]>,
  { warn }: Surroundings,
): Omit<Project, "entries"> {
  if (volumes.length > 0) {
    const message = "volumes are not mounted: hand files in as inputs";
    warn({ code: "SCANFLOW_PROJECT_ENVIRONMENT", message, path: ["docker_env", "volumes"] });
  }
  const pairs = environment.flatMap((each) => (typeof each === "string" ? [] : [each]));
  return {
    environment: { image },
    env: Object.fromEntries(pairs.map(([key, value]) => [key, String(value)])),
    secrets: environment.filter((each) => typeof each === "string"),
  };
}

const READERS = { python_env: readPythonEnv, conda_env: readCondaEnv } as const;

function fileOf(key: keyof typeof READERS, name: string, around: Surroundings): Omit<Project, "entries"> {
  const { folder, root, report, warn } = around;
  const file = join(folder, name);
  if (!isFile(file)) {
    const message = `there is no file ${JSON.stringify(name)} in ${folder}: put it there, or correct the path`;
    const suggestion = new Folder(folder).nearest(name);
    report({ code: "SCANFLOW_PROJECT_MISSING", message, path: [key], suggestion });
    return NOTHING;
  }
  const { document, locate } = parseYaml(readTextNow(file), file);
  const problems = new ProblemList({ file, locate });
  const warnings = new ProblemList({ file, locate });
  const source: EnvironmentSource = {
    document,
    name,
    report: (finding) => problems.collect((tell) => tell(finding)),
    warn: (finding) => warnings.collect((tell) => tell(finding)),
    place: (path) => {
      const place = join(folder, path);
      return isFile(place) ? relative(root, place).split(sep).join("/") : undefined;
    },
  };
  const where = READERS[key](source);
  for (const problem of problems.sorted()) report(problem);
  for (const warning of warnings.sorted()) warn(warning);
  return { ...NOTHING, ...where };
}
