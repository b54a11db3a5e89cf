import type { Command, WorkTask } from "@scanflow/core";
import { placeholder } from "../../runners/contract/placeholders.ts";
import { type RemoteOptions, remoteCommand } from "../../runners/contract/remote-command.ts";
import type { AttemptSpec } from "../../runners/runner.ts";
import { expressionTag } from "./build.ts";
import { stringText } from "./literal-text.ts";
import { paramTextTag, valueTag, withoutReferences } from "./params.ts";
import { indexText, itemText } from "./reference-text.ts";

export interface PodCommand {
  readonly command: readonly string[];
  readonly args: readonly string[];
  /** Whether `/bin/sh` runs it. */
  readonly variables: Readonly<Record<string, string>>;
  /** Where outputs lie, by name. */
  readonly outputs: Readonly<Record<string, string>>;
}

const REMOTE: RemoteOptions = { secrets: {}, tracking: {} };

/**
 * What a task's container runs: the node contract as on any container platform, with Argo's expressions in the place of
 * values that are known only when it runs. `inputs` says where each input lies there.
 */
export function podCommand(task: WorkTask, inputs: Readonly<Record<string, string>>): PodCommand {
  const further: Record<string, string> = {};
  const command = commandOf(task, further);
  const own = Object.fromEntries(Object.keys(task.params).map((name) => [name, paramTextTag(task, name)]));
  const marks = Object.keys(inputs).map((name, position) => [name, `.input${position}of-argo`] as const);
  const spec: AttemptSpec = {
    run: "{{workflow.name}}",
    task: instanceTag(task),
    attempt: 1,
    token: "",
    workdir: "/scanflow",
    root: "/app",
    command,
    inputs,
    inputFiles: Object.fromEntries(marks.map(([name, mark]) => [name, `x${mark}`])),
    outputs: task.outputs,
    params: { ...own, ...further },
    ...(task.maps.length > 0 && { item: valueTag(itemText(task.maps.length).text) }),
    environment: task.environment,
    env: Object.fromEntries(
      Object.entries(task.env).map(([name, value]) => [name, withoutReferences(value)]),
    ),
    secrets: task.secrets,
    timeout: task.timeout,
    tracking: { uri: "", experimentId: "", runId: "" },
    checkpoint: "/scanflow/checkpoint",
    log: "",
  };
  const remote = remoteCommand(spec, REMOTE);
  const placed = (text: string) =>
    marks.reduce(
      (whole, [name, mark]) => whole.replaceAll(`/scanflow/inputs/${name}${mark}`, inputs[name] ?? ""),
      text,
    );
  const extra = new Set(
    Object.keys(further).map((name) => `SCANFLOW_PARAM_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`),
  );
  const attempt = task.retry.limit > 0 ? { SCANFLOW_ATTEMPT: "{{=string(int(retries) + 1)}}" } : {};
  const variables = Object.entries({ ...remote.variables, ...attempt }).filter(([name]) => !extra.has(name));
  return {
    command: [remote.file],
    args: remote.args.map(placed),
    variables: Object.fromEntries(variables.map(([name, value]) => [name, placed(value)])),
    outputs: Object.fromEntries(
      Object.entries(task.outputs).map(([name, { path }]) => [name, `/scanflow/outputs/${path}`]),
    ),
  };
}

/** The id of an instance: the indices of its items stand in the brackets. */
function instanceTag({ id }: WorkTask): string {
  let depth = 0;
  return id.replaceAll("[*]", () => {
    depth += 1;
    return `[${expressionTag(indexText(depth))}]`;
  });
}

/** The command with fields of items and params as params of their own, which are added to `further`. */
function commandOf(task: WorkTask, further: Record<string, string>): Command {
  const { run } = task;
  if (run.kind !== "command") return run;
  const rewrite = (text: string) =>
    withoutReferences(text).replaceAll(placeholder, (whole, kind?: string, name = "", item?: string) => {
      const known =
        kind === "params" ? Object.hasOwn(task.params, name) : kind !== undefined || item === undefined;
      if (known) return whole;
      const path = item ?? name;
      const from =
        item === undefined ? "fromJSON(inputs.parameters.params)" : itemText(task.maps.length).text;
      const value = path
        .split(".")
        .reduce((inner: string, key: string) => `get(${inner}, ${stringText(key)})`, from);
      const key = `${item === undefined ? "" : "item:"}${path}`;
      further[key] = valueTag(value);
      return `{{params.${key}}}`;
    });
  const { command } = run;
  return { kind: "command", command: typeof command === "string" ? rewrite(command) : command.map(rewrite) };
}
