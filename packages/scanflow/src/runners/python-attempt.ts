import type { Frame } from "./frame.ts";
import { environmentVariables } from "./python/python-environments.ts";

export interface PythonUse {
  /** Absolute path of the interpreter. */
  readonly python: string;
  /** Variables for what runs in the environment; undefined: to be left out. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/**
 * The Python environment of a task with these packages in it, built now when it does not stand yet. A task of the
 * host's environment gets one in which the host's packages can be used as well.
 */
export async function needPython(frame: Frame, extra: readonly string[] = []): Promise<PythonUse> {
  const { attempt, workshop, log } = frame;
  const { environment, root, env: own } = attempt.spec;
  const { requirements, packages, python } =
    environment.kind === "python" ? environment : { requirements: null, packages: [], python: null };
  const env = { ...workshop.inherited, ...own };
  const environmentSpec = {
    root,
    requirements,
    packages: [...packages, ...extra],
    python,
    system: environment.kind !== "python",
  };
  const building = workshop.environments.need(environmentSpec, { env, note: (line) => log.note(line) });
  const built = await attempt.unlessStopped(building);
  return { python: built.python, variables: environmentVariables(built, env.PATH) };
}
