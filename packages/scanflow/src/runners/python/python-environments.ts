import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ScanflowError } from "@scanflow/core";
import { underLock } from "../../file-lock.ts";
import { requirementsText } from "../../requirements/index.ts";
import { endFamily } from "../process/leftovers.ts";
import { buildEnvironment } from "./build-environment.ts";
import { describeInterpreter } from "./interpreter.ts";
import { ToolError, type ToolOptions } from "./run-tool.ts";

export interface PythonEnvironmentSpec {
  /** The config's folder (absolute): local paths of requirements are relative to it. */
  readonly root: string;
  /** Path of a requirements file, relative to the root. */
  readonly requirements: string | null;
  readonly packages: readonly string[];
  /** Interpreter to build from; null: `python3`. */
  readonly python: string | null;
  /** Whether the packages of that interpreter can be used as well. */
  readonly system: boolean;
}

export interface PythonEnvironment {
  readonly folder: string;
  /** Absolute path of its interpreter. */
  readonly python: string;
}

export interface BuildOptions {
  /** Variables for the tools that build. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes lines about the progress. */
  readonly note: (line: string) => void;
}

/** Written last: an environment without it is not one. */
const readyMarker = "scanflow-ready.json";

/**
 * Python environments, each built once for its combination of requirements (nested files and local packages
 * included), packages, interpreter and platform, in `<cacheDir>/environments/<digest>`. Who comes while another builds
 * the same waits, in other processes too. uv builds when it is on the PATH, else venv and pip.
 */
export class PythonEnvironments {
  readonly #folder: string;
  readonly #interpreters = new Map<string, Promise<string>>();
  /** Tokens of the builds under way. */
  readonly #builds = new Set<string>();

  constructor(cacheDir: string) {
    this.#folder = join(cacheDir, "environments");
  }

  /**
   * Throws `SCANFLOW_ENVIRONMENT_FAILED` with the last lines of the installer, and `SCANFLOW_ENVIRONMENT_MISSING` for
   * a requirements file that is not there; nothing half-built is left then.
   */
  async need(spec: PythonEnvironmentSpec, options: BuildOptions): Promise<PythonEnvironment> {
    const requirements = spec.requirements === null ? "" : requirementsText(spec.root, spec.requirements);
    const tool: ToolOptions = {
      cwd: spec.root,
      env: toolVariables(options.env),
      token: "scanflow-environment",
      line: options.note,
    };
    const interpreter = await this.#describe(spec.python ?? "python3", tool);
    const content = JSON.stringify([1, interpreter, requirements, [...spec.packages].sort(), spec.system]);
    const digest = createHash("sha256").update(content).digest("hex").slice(0, 32);
    const folder = join(this.#folder, digest);
    if (!isReady(folder, content)) {
      mkdirSync(this.#folder, { recursive: true });
      await underLock(`${folder}.lock`, {
        waiting: () => options.note("waiting for another build of the same Python environment"),
        work: () => this.#build(spec, folder, content, { ...tool, token: `scanflow-environment-${digest}` }),
      });
    }
    return { folder, python: join(folder, "bin", "python") };
  }

  /** Ends the builds under way. */
  async close(): Promise<void> {
    await Promise.all([...this.#builds].map((token) => endFamily({ group: null, token }, 0)));
  }

  async #build(
    spec: PythonEnvironmentSpec,
    folder: string,
    content: string,
    tool: ToolOptions,
  ): Promise<void> {
    if (isReady(folder, content)) return;
    // What a builder that was killed has left may still be writing.
    await endFamily({ group: null, token: tool.token }, 0);
    rmSync(folder, { recursive: true, force: true });
    this.#builds.add(tool.token);
    try {
      await buildEnvironment(spec, folder, tool);
      writeFileSync(join(folder, readyMarker), content);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw buildError(error);
    } finally {
      this.#builds.delete(tool.token);
    }
  }

  #describe(python: string, tool: ToolOptions): Promise<string> {
    const key = JSON.stringify([python, tool.cwd, tool.env.PATH]);
    const known = this.#interpreters.get(key);
    if (known) return known;
    const described = describeInterpreter(python, tool);
    this.#interpreters.set(key, described);
    described.catch(() => this.#interpreters.delete(key));
    return described;
  }
}

/** Variables with which a command runs in the environment. */
export function environmentVariables(
  { folder }: PythonEnvironment,
  path: string | undefined,
): Record<string, string | undefined> {
  const bin = join(folder, "bin");
  return {
    VIRTUAL_ENV: folder,
    PATH: path ? `${bin}${delimiter}${path}` : bin,
    PYTHONHOME: undefined,
  };
}

/** Whether the environment stands, and its interpreter has not been removed since. */
function isReady(folder: string, content: string): boolean {
  const marker = join(folder, readyMarker);
  const python = join(folder, "bin", "python");
  return existsSync(python) && existsSync(marker) && readFileSync(marker, "utf8") === content;
}

function toolVariables(env: BuildOptions["env"]): BuildOptions["env"] {
  return {
    ...env,
    PIP_NO_INPUT: "1",
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    PYTHONUNBUFFERED: "1",
    PYTHONHOME: undefined,
    VIRTUAL_ENV: undefined,
  };
}

function buildError(error: unknown): unknown {
  if (!(error instanceof ToolError)) return error;
  return new ScanflowError(
    "SCANFLOW_ENVIRONMENT_FAILED",
    `The Python environment could not be built: ${error.message}. Its last lines:\n${error.lines.slice(-15).join("\n")}\nCorrect the requirements (names, versions, the network), then retry the run.`,
    { cause: error },
  );
}
