import { dirname, join } from "node:path";
import { checkForm, type Path, type Project, type Report } from "@scanflow/core";
import { isOnPath } from "../files/folder.ts";
import { condaEnvForm, pythonEnvForm } from "./forms.ts";

/** What an environment file says, with whom to tell, and how files beside it are named in a definition. */
export interface EnvironmentSource {
  readonly document: unknown;
  /** The file, from the project's folder. */
  readonly name: string;
  readonly report: Report;
  readonly warn: Report;
  /** The path from the config's folder of a file that the project names; undefined when it is not there. */
  readonly place: (path: string) => string | undefined;
}

type Where = Pick<Project, "environment" | "env">;

/** `python_env.yaml` */
export function readPythonEnv(source: EnvironmentSource): Where {
  const { document, report } = source;
  const form = checkForm(document, { schema: pythonEnvForm, path: [], report });
  if (form === undefined) return { environment: undefined, env: {} };
  const { python, build_dependencies = [], dependencies = [] } = form.value;
  const wanted = [
    ...build_dependencies.map((line, at): Line => ({ line, path: ["build_dependencies", at] })),
    ...dependencies.map((line, at): Line => ({ line, path: ["dependencies", at] })),
  ];
  const version = python === undefined ? undefined : { text: python, path: ["python"] };
  return { environment: environmentOf(source, { version, wanted, beside: "." }), env: {} };
}

/** `conda.yaml`: what pip can install of it. */
export function readCondaEnv(source: EnvironmentSource): Where {
  const { document, report, warn, name } = source;
  const form = checkForm(document, { schema: condaEnvForm, path: [], report });
  if (form === undefined) return { environment: undefined, env: {} };
  const { dependencies = [], variables = {} } = form.value;
  const wanted: Line[] = [];
  const left: Line[] = [];
  let version: Version | undefined;
  for (const [at, each] of dependencies.entries()) {
    const path = ["dependencies", at];
    if (typeof each !== "string") {
      wanted.push(...each.pip.map((line, inner): Line => ({ line, path: [...path, "pip", inner] })));
      continue;
    }
    const [, packageName = "", rest = ""] = /^(?:[\w.-]+::)?([\w.-]+)\s*(.*)$/.exec(each.trim()) ?? [];
    if (packageName === "python") version = condaVersion(rest, { path, warn });
    else if (packageName === "setuptools" || packageName === "wheel") {
      wanted.push({ line: `${packageName}${rest.replace(/^=(?!=)/, "==")}`, path });
    } else if (packageName !== "pip") left.push({ line: each, path });
  }
  const [first] = left;
  if (first) {
    const names = left.map(({ line }) => line).join(", ");
    const message = `conda's packages are not installed: ${names}. Write those that the scripts import under pip, and have the others on the machine`;
    warn({ code: "SCANFLOW_PROJECT_ENVIRONMENT", message, path: first.path });
  }
  const env = Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, String(value)]));
  return { environment: environmentOf(source, { version, wanted, beside: dirname(name) }), env };
}

function condaVersion(
  rest: string,
  { path, warn }: { readonly path: Path; readonly warn: Report },
): Version | undefined {
  if (rest === "") return undefined;
  const text = /^==?\s*(\d+(?:\.\d+){0,2})(?:\.\*)?(?:=.*)?$/.exec(rest)?.[1];
  if (text !== undefined) return { text, path };
  const message = `a range of versions is not read, and python3 is taken: write one version, such as python=3.12`;
  warn({ code: "SCANFLOW_PROJECT_ENVIRONMENT", message, path });
  return undefined;
}

interface Line {
  readonly line: string;
  readonly path: Path;
}

interface Version {
  readonly text: string;
  readonly path: Path;
}

interface Wanted {
  readonly version: Version | undefined;
  readonly wanted: readonly Line[];
  /** The folder that files in lines are relative to, from the project's. */
  readonly beside: string;
}

function environmentOf(
  { report, warn, place }: EnvironmentSource,
  { version, wanted, beside }: Wanted,
): Project["environment"] {
  const refuse = (message: string, path: Path) =>
    report({ code: "SCANFLOW_PROJECT_ENVIRONMENT", message, path });
  const packages: string[] = [];
  let requirements: string | undefined;
  for (const { line, path } of wanted) {
    // Every environment comes with it, or needs none.
    if (/^pip\s*(?:[<>=!~]|$)/.test(line)) continue;
    const named = /^(?:-r|--requirement)[\s=]*(\S.*)$/.exec(line)?.[1]?.trim();
    if (named === undefined) {
      const local = /^[./~]|^[A-Za-z]:|^(?!.*(?:@|:\/\/)).*\//.test(line);
      if (!line.startsWith("-") && !local) packages.push(line);
      else {
        const what = local ? "a package of this machine" : "an option of pip";
        refuse(`${line} is ${what}: put the line into a requirements file, and name that here with -r`, path);
      }
      continue;
    }
    const file = place(join(beside, named));
    if (file === undefined) {
      const message = `there is no requirements file ${JSON.stringify(named)}: put it there, or correct the path`;
      report({ code: "SCANFLOW_PROJECT_MISSING", message, path });
    } else if (requirements === undefined) requirements = file;
    else refuse(`only one requirements file can be named: write the line ${line} into ${requirements}`, path);
  }
  // A point release has no command of its own.
  const minor = version?.text.split(".").slice(0, 2).join(".");
  if (version && !isOnPath(`python${minor}`)) {
    const message = `Python ${version.text} is asked for, and there is no python${minor} on the PATH: install it, or ask for another version`;
    warn({ code: "SCANFLOW_PROJECT_ENVIRONMENT", message, path: version.path });
  }
  return {
    python: {
      ...(requirements !== undefined && { requirements }),
      ...(packages.length > 0 && { packages }),
      ...(minor !== undefined && { version: minor }),
    },
  };
}
