import { ScanflowError } from "@scanflow/core";
import type { AttemptSpec } from "../runner.ts";
import type { Listening } from "./listening.ts";
import type { Places } from "./places.ts";
import { valueText } from "./value-text.ts";
import { fitsVariable, variableName } from "./variable-name.ts";

export interface Variables {
  readonly variables: Readonly<Record<string, string>>;
  /** What was too long for a variable. */
  readonly leftOut: readonly string[];
}

/**
 * The node contract as environment variables. Throws `SCANFLOW_NAME_CLASH` when two names of an attempt become the
 * same variable, since letters are upper-cased and everything but letters and digits becomes `_`.
 */
export function contractVariables(spec: AttemptSpec, places: Places, listening?: Listening): Variables {
  const variables: Record<string, string> = {
    SCANFLOW_RUN: spec.run,
    SCANFLOW_TASK: spec.task,
    SCANFLOW_ATTEMPT: String(spec.attempt),
    SCANFLOW_CHECKPOINT: spec.checkpoint,
    SCANFLOW_PARAMS_FILE: places.params,
    SCANFLOW_RESULT_FILE: places.result,
    SCANFLOW_HEARTBEAT_FILE: places.heartbeat,
    ...trackingVariables(spec.tracking),
    ...(listening && { SCANFLOW_HOST: listening.host, SCANFLOW_PORT: String(listening.port) }),
  };
  const leftOut: string[] = [];
  const set = (name: string, value: string) => {
    if (fitsVariable(value)) variables[name] = value;
    else leftOut.push(name);
  };
  if (spec.item !== undefined) set("SCANFLOW_ITEM", valueText(spec.item));
  const add = (kind: "INPUT" | "OUTPUT" | "PARAM" | "SERVICE", values: Readonly<Record<string, string>>) => {
    const names = new Map<string, string>();
    for (const [name, value] of Object.entries(values)) {
      const variable = variableName(kind, name);
      const other = names.get(variable);
      if (other !== undefined) throw clashError(spec.task, variable, [other, name]);
      names.set(variable, name);
      set(variable, value);
    }
  };
  add("INPUT", places.inputs);
  add("OUTPUT", places.outputs);
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(spec.params)) params[name] = valueText(value);
  add("PARAM", params);
  add("SERVICE", spec.services ?? {});
  return { variables, leftOut };
}

/** What the log of a command says of it. */
export function leftOutNote(name: string): string {
  return `${name} is too long for an environment variable and is not set: read SCANFLOW_PARAMS_FILE`;
}

/** A client takes an empty variable for a value, so what is not known is left out. */
function trackingVariables({ uri, experimentId, runId }: AttemptSpec["tracking"]): Record<string, string> {
  return {
    ...(uri && { MLFLOW_TRACKING_URI: uri }),
    ...(experimentId && { MLFLOW_EXPERIMENT_ID: experimentId }),
    ...(runId && { MLFLOW_RUN_ID: runId }),
  };
}

function clashError(task: string, variable: string, names: readonly [string, string]): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_NAME_CLASH",
    `"${names[0]}" and "${names[1]}" of task "${task}" would both be the environment variable ${variable}. Rename one of them.`,
  );
}
