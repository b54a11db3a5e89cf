import { resolve } from "node:path";
import { variableName } from "../../runners/contract/variable-name.ts";

/** Where files lie, as the node contract tells a command: SCANFLOW_INPUT_… by their names. */
export function inputVariables(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, path]) => [variableName("INPUT", name), resolve(path)]),
  );
}
