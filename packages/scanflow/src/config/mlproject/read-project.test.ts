import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { formatProblem, type Project } from "@scanflow/core";
import { expect, onTestFinished, test } from "vitest";
import { type ReadProject, readProject } from "./read-project.ts";

/** What is read of a project in the folder `training` of a config's. */
function reading(files: Readonly<Record<string, string>>): ReadProject {
  const root = mkdtempSync(join(tmpdir(), "scanflow-project-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, "training", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const read = readProject(join(root, "training"), root);
  if (read === undefined) throw new Error("there is no MLproject file");
  return read;
}

function projectOf(files: Readonly<Record<string, string>>): Project {
  const { found } = reading(files);
  if ("problems" in found) throw new Error(found.problems.map(formatProblem).join("\n"));
  return found;
}

/** Each problem as `file:line path code suggestion`. */
function problemsOf(files: Readonly<Record<string, string>>): string[] {
  const { found } = reading(files);
  return ("problems" in found ? found.problems : []).map(shown);
}

function shown({ code, place, suggestion }: ReadProject["warnings"][number]): string {
  const file = place.file?.split("/").at(-1);
  return [`${file}:${place.line}`, code, ...(suggestion === undefined ? [] : [suggestion])].join(" ");
}

const main = 'entry_points:\n  main: {command: "python train.py"}\n';

test("an entry point has its command in pieces, and its parameters with types and defaults", () => {
  const { entries, environment } = projectOf({
    mlproject: `name: a project
entry_points:
  main:
    parameters:
      data: {type: path, default: data/x.csv}
      rate: {type: float, default: 1e-3}
      half: {type: float, default: "0.5"}
      rounds: {type: int, default: 3}
      text: {default: 1.0}
      fast: {type: bool, default: true}
      from: uri
      free:
        type: string
    command: >
      python train.py {data}
      --text={text} {{x}}
`,
  });
  const { params = {}, command } = entries.main ?? {};
  const known = Object.entries(params).map(([name, { type, path, default: value }]) => [
    name,
    type,
    path,
    value,
  ]);
  expect(known).toEqual([
    ["data", "string", true, "data/x.csv"],
    ["rate", "number", false, 0.001],
    ["half", "number", false, 0.5],
    ["rounds", "integer", false, 3],
    ["text", "string", false, "1.0"],
    ["fast", "string", false, "True"],
    ["from", "string", false, undefined],
    ["free", "string", false, undefined],
  ]);
  expect(command).toEqual([
    "python train.py ",
    { param: "data" },
    " --text=",
    { param: "text" },
    " ",
    "{",
    "x",
    "}",
  ]);
  expect(environment).toBeUndefined();
});

test("a Python environment: its version, its packages, and a requirements file beside it", () => {
  const files = {
    MLproject: `python_env: env/python.yaml\n${main}`,
    "env/python.yaml":
      'python: "3.11.4"\nbuild_dependencies: [pip==24, setuptools]\ndependencies: [-r requirements.txt, "scipy>=1.17; python_version > \'3\'"]\n',
    "requirements.txt": "",
  };
  expect(projectOf(files).environment).toEqual({
    python: {
      version: "3.11",
      requirements: "training/requirements.txt",
      packages: ["setuptools", "scipy>=1.17; python_version > '3'"],
    },
  });
});

test("the usual names of environment files need not be said", () => {
  const conda = "dependencies: [python=3.11, pip, pip: [six]]\n";
  expect(projectOf({ MLproject: main, "conda.yaml": conda }).environment).toEqual({
    python: { version: "3.11", packages: ["six"] },
  });
  const both = { MLproject: main, "conda.yaml": conda, "python_env.yaml": "dependencies: [six]\n" };
  expect(projectOf(both).environment).toEqual({ python: { packages: ["six"] } });
});

test("of a conda environment pip's packages are taken; a hint names the others", () => {
  const read = reading({
    MLproject: `conda_env: conda.yaml\n${main}`,
    "conda.yaml":
      "name: e\nchannels: [conda-forge]\nvariables: {A: 1}\ndependencies:\n  - python>=3.8\n  - conda-forge::gcc\n  - numpy=1.20\n  - setuptools=58\n  - pip:\n    - six\n",
  });
  expect(read.found).toMatchObject({
    environment: { python: { packages: ["setuptools==58", "six"] } },
    env: { A: "1" },
  });
  expect(read.warnings.map(shown)).toEqual([
    "conda.yaml:5 SCANFLOW_PROJECT_ENVIRONMENT",
    "conda.yaml:6 SCANFLOW_PROJECT_ENVIRONMENT",
  ]);
  expect(read.warnings[1]?.message).toContain("conda-forge::gcc, numpy=1.20");
});

test("a version of Python that is not on the PATH is named", () => {
  const { warnings } = reading({ MLproject: main, "python_env.yaml": 'python: "2.1.3"\n' });
  expect(warnings.map(formatProblem)).toEqual([
    expect.stringContaining("Python 2.1.3 is asked for, and there is no python2.1 on the PATH: install it"),
  ]);
});

test("a container's image, with its variables", () => {
  const read = reading({
    MLproject: `docker_env: {image: "lab:1", volumes: ["/a:/b"], environment: [[A, 1], HOME]}\n${main}`,
  });
  expect(read.found).toMatchObject({ environment: { image: "lab:1" }, env: { A: "1" }, secrets: ["HOME"] });
  expect(read.warnings.map(shown)).toEqual(["MLproject:1 SCANFLOW_PROJECT_ENVIRONMENT"]);
});

test("all problems are reported together, each with its place and the nearest name", () => {
  const files = {
    MLproject: `python_env: python_env.yaml
conda_env: conda.yaml
entrypoints: {}
entry_points:
  main:
    parameters:
      rate: {type: flot, default: 1}
      alpha: {type: float, default: fast}
      from: {type: uri, default: x.csv}
      data: {type: path, default: "s3://b/x"}
      list: {default: [1]}
      extra: {typ: float}
    command: python train.py {alpah}
  other:
    comand: python other.py
`,
    "python_env.yaml":
      "python: 3.11\ndependencies: [-r nope.txt, -e ., ./lib, -r a.txt, -r b.txt]\ndependancies: []\n",
    "a.txt": "",
    "b.txt": "",
  };
  expect(problemsOf(files)).toEqual([
    "MLproject:2 SCANFLOW_PROJECT_ENVIRONMENT",
    "MLproject:3 SCANFLOW_KEY_UNKNOWN entry_points",
    "MLproject:7 SCANFLOW_TYPE_MISMATCH float",
    "MLproject:8 SCANFLOW_TYPE_MISMATCH",
    "MLproject:9 SCANFLOW_TYPE_MISMATCH",
    "MLproject:10 SCANFLOW_TYPE_MISMATCH",
    "MLproject:11 SCANFLOW_TYPE_MISMATCH",
    "MLproject:12 SCANFLOW_KEY_UNKNOWN type",
    "MLproject:13 SCANFLOW_TEMPLATE_UNKNOWN {alpha}",
    "MLproject:14 SCANFLOW_DOCUMENT_INVALID",
    "MLproject:15 SCANFLOW_KEY_UNKNOWN command",
    "python_env.yaml:1 SCANFLOW_DOCUMENT_INVALID",
    "python_env.yaml:2 SCANFLOW_PROJECT_MISSING",
    "python_env.yaml:2 SCANFLOW_PROJECT_ENVIRONMENT",
    "python_env.yaml:2 SCANFLOW_PROJECT_ENVIRONMENT",
    "python_env.yaml:2 SCANFLOW_PROJECT_ENVIRONMENT",
    "python_env.yaml:3 SCANFLOW_KEY_UNKNOWN dependencies",
  ]);
});

test("a project without an entry point, of Databricks, or whose environment is not there", () => {
  expect(problemsOf({ MLproject: "name: x\n" })).toEqual(["MLproject:1 SCANFLOW_PROJECT_ENTRY"]);
  expect(problemsOf({ MLproject: "databricks_spark_job: {}\n" })).toEqual([
    "MLproject:1 SCANFLOW_NOT_RUNNABLE",
  ]);
  const files = { MLproject: `conda_env: cond.yaml\n${main}`, "conda.yaml": "" };
  expect(problemsOf(files)).toEqual(["MLproject:1 SCANFLOW_PROJECT_MISSING conda.yaml"]);
});
