import { errorCode } from "@scanflow/core";
import { describeInterpreter } from "./interpreter.ts";

/** Which interpreters were asked, so that each is asked once. */
export type KnownVersions = Map<string, Promise<string>>;

/**
 * Implementation and version of a Python interpreter, such as `cpython 3.11.2`. "" when it cannot be used: who needs
 * it then says why. Not its place, so that the same version elsewhere makes the same.
 */
export function pythonVersion(
  python: string,
  { root, env }: { readonly root: string; readonly env: Readonly<Record<string, string | undefined>> },
  known: KnownVersions,
): Promise<string> {
  const key = JSON.stringify([python, env.PATH]);
  const asked = known.get(key);
  if (asked) return asked;
  const tool = { cwd: root, env, token: "scanflow-environment", line: () => undefined };
  const version = describeInterpreter(python, tool).then(
    (described) => described.split(" ").slice(0, 2).join(" "),
    (error: unknown) => {
      known.delete(key);
      if (errorCode(error) === undefined) throw error;
      return "";
    },
  );
  known.set(key, version);
  return version;
}
