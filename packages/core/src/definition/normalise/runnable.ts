import { nearest } from "../../nearest.ts";
import type { CheckerNode, Command, ExecutorNode, OutputDefinition, ServiceNode } from "../definition.ts";
import type { NodeDocument } from "../document/document.ts";
import type { NodeReading } from "./context.ts";
import { readMapping } from "./context.ts";
import { DEFINITION_DEFAULTS } from "./defaults.ts";
import { readOutputs } from "./output.ts";
import { readMap, readParams } from "./param.ts";
import { type OwnRunnable, ownRunnable, type Runnable } from "./project.ts";
import { readInputs } from "./reference.ts";
import { readSettings } from "./settings.ts";
import { readShared } from "./shared.ts";

export function readExecutor(
  written: NodeDocument<"executor">,
  reading: NodeReading,
): ExecutorNode | undefined {
  const common = readRunnable(written, reading);
  return common && { kind: "executor", ...common };
}

export function readChecker(written: NodeDocument<"checker">, reading: NodeReading): CheckerNode | undefined {
  const { failOn = DEFINITION_DEFAULTS.checker.failOn } = written;
  const common = readJudging(written, reading);
  if (common === undefined) return undefined;
  return { kind: "checker", ...common, outputs: withVerdict(common.outputs), failOn };
}

/** What runs is named by one of `run` and `check`. */
function readJudging(
  { run, check, ...rest }: NodeDocument<"checker">,
  reading: NodeReading,
): Omit<ExecutorNode, "kind"> | undefined {
  const { path, report } = reading;
  if (run !== undefined && check === undefined) return readRunnable({ ...rest, run }, reading);
  if (run !== undefined || check === undefined) {
    const problem = run === undefined ? "neither run nor check is there" : "run and check are both there";
    const message = `${problem}: a checker has one of them`;
    report({ code: "SCANFLOW_DOCUMENT_INVALID", message, path });
    return undefined;
  }
  requireKnown(check, reading);
  if (!Object.hasOwn(rest.inputs ?? {}, "current")) {
    const message = "the input current is missing: the check judges what is bound to it";
    report({ code: "SCANFLOW_INPUT_MISSING", message, path: [...path, "inputs"] });
  }
  return { ...readOwn(rest, reading), run: { kind: "check", check } };
}

/** A name that is no path and no command must be that of a built-in. */
function requireKnown(check: string, { path, report, checks }: NodeReading): void {
  if (checks === undefined || checks.includes(check) || /[\s/]|\.[cm]?[jt]s$/.test(check)) return;
  const message = `there is no checker ${JSON.stringify(check)}: built in are ${checks.join(", ")}; a module is named by its path, such as checkers/age.ts`;
  const suggestion = nearest(check, checks);
  report({ code: "SCANFLOW_CHECK_UNKNOWN", message, path: [...path, "check"], suggestion });
}

function withVerdict(outputs: Readonly<Record<string, OutputDefinition>>): Record<string, OutputDefinition> {
  return Object.hasOwn(outputs, "verdict") ? outputs : { ...outputs, verdict: DEFINITION_DEFAULTS.verdict };
}

export function readService(written: NodeDocument<"service">, reading: NodeReading): ServiceNode | undefined {
  const defaults = DEFINITION_DEFAULTS.service;
  const { port = defaults.port, replicas = defaults.replicas, maxReplicas, health } = written;
  const common = readRunnable(written, reading);
  return (
    common && {
      kind: "service",
      ...common,
      port,
      replicas,
      maxReplicas: maxReplicas ?? defaults.maxReplicas,
      health: health ?? defaults.health,
    }
  );
}

function readRunnable(given: Runnable, reading: NodeReading): Omit<ExecutorNode, "kind"> | undefined {
  const written = ownRunnable(given, reading);
  return written && { ...readOwn(written, reading), run: readCommand(written.run) };
}

function readOwn(
  written: Pick<OwnRunnable, Exclude<keyof OwnRunnable, "run">>,
  reading: NodeReading,
): Omit<ExecutorNode, "kind" | "run"> {
  const { code = [], secrets = [], allowFailure = DEFINITION_DEFAULTS.allowFailure } = written;
  return {
    ...readShared(written, reading),
    code: typeof code === "string" ? [code] : code,
    inputs: readInputs(written.inputs, reading),
    outputs: readOutputs(written.outputs, reading),
    params: readParams(written.params, reading),
    ...readSettings(written, reading.defaults),
    env: readMapping(written.env, String),
    secrets,
    map: readMap(written.map, reading),
    allowFailure,
  };
}

function readCommand(written: OwnRunnable["run"]): Command {
  if (typeof written === "string" || !("module" in written || "notebook" in written)) {
    return { kind: "command", command: written };
  }
  if ("notebook" in written) return { kind: "notebook", notebook: written.notebook };
  return {
    kind: "module",
    module: written.module,
    export: written.export ?? DEFINITION_DEFAULTS.module.export,
  };
}
