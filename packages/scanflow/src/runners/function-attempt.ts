import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { type JsonObject, ScanflowError } from "@scanflow/core";
import { Stopped } from "./attempt.ts";
import { makeFolders } from "./contract/places.ts";
import { contractVariables } from "./contract/variables.ts";
import type { Frame } from "./frame.ts";
import type { StepEnd, StepTask } from "./function/messages.ts";
import type { StepExit, StepThread } from "./function/step-thread.ts";
import { failure, type Stop } from "./outcome.ts";
import { endFamily, mayHaveLeft } from "./process/leftovers.ts";
import { markerOf, markerVariable } from "./process/marker.ts";
import { newestProcess } from "./process/proc.ts";
import { needPython, type PythonUse } from "./python-attempt.ts";
import { resultError } from "./result-file.ts";
import type { AttemptSpec } from "./runner.ts";

/** Runs a task's exported function in a warm thread and gives the result that it returned. */
export async function runFunction(frame: Frame): Promise<JsonObject> {
  const { attempt, workshop, log } = frame;
  const { spec } = attempt;
  const python = spec.environment.kind === "python" ? await needPython(frame) : undefined;
  const task = stepTask(frame, python?.variables ?? {});
  if (!existsSync(task.module)) throw moduleError(spec, task);
  const thread = await acquire(frame, task);
  // Only where there may be something to look for: the look costs as much as the rest of a short step here.
  const since = thread.mayStart ? newestProcess() : undefined;
  const output = log.stream();
  let timer: NodeJS.Timeout | undefined;
  const forget = attempt.onStop(() => {
    thread.abort();
    timer = setTimeout(() => void thread.end(), workshop.graceMs);
  });
  const exit = await thread.run(task, {
    begun: () => attempt.started(() => thread.lastBeat),
    output: output.write,
    logged: (batch) => attempt.listener.logged(batch),
  });
  attempt.ended();
  forget();
  clearTimeout(timer);
  frame.usage = usageOf(exit, thread.peakHeap);
  const clean = exit.kind === "answered" && exit.end.clean && !attempt.stopped;
  await workshop.steps.release(thread, clean);
  const family = { group: null, token: spec.token };
  if (thread.mayStart && (since === undefined || mayHaveLeft(family, since))) {
    await endFamily(family, workshop.graceMs);
  }
  output.end();
  attempt.checkStopped();
  if (exit.kind === "lost") throw new Stopped(lostThread(spec, exit));
  return resultOf(spec, task, exit.end);
}

function stepTask(frame: Frame, extra: PythonUse["variables"]): StepTask {
  const { attempt, workshop, places, secrets, log } = frame;
  const { spec } = attempt;
  const { command } = spec;
  makeFolders(places);
  const { variables, leftOut } = contractVariables(spec, places);
  for (const name of leftOut) log.note(`${name} is too long for an environment variable and is not set`);
  // A step has no use for these files: it is given its parameters, returns its result and calls heartbeat().
  const {
    SCANFLOW_PARAMS_FILE: _,
    SCANFLOW_RESULT_FILE: __,
    SCANFLOW_HEARTBEAT_FILE: ___,
    ...rest
  } = variables;
  return {
    kind: "task",
    ...functionOf(command, spec.root),
    root: spec.root,
    inputs: places.inputs,
    outputs: places.outputs,
    params: spec.params,
    item: spec.item ?? null,
    checkpoint: spec.checkpoint,
    variables: {
      ...spec.env,
      ...extra,
      ...secrets,
      ...rest,
      ...(command.kind === "check" && { SCANFLOW_CHECK: command.check, SCANFLOW_CHECK_FOLDER: spec.root }),
      [markerVariable]: markerOf(spec.token, workshop.owner[markerVariable]),
    },
  };
}

/** A check is carried out by a function of ours, which lies beside this room from sources and from a build alike. */
function functionOf(command: AttemptSpec["command"], root: string): Pick<StepTask, "module" | "export"> {
  if (command.kind === "module") return { module: resolve(root, command.module), export: command.export };
  if (command.kind !== "check") throw new TypeError(`not a function: ${command.kind}`);
  const extension = import.meta.filename.endsWith(".ts") ? "ts" : "js";
  return { module: resolve(import.meta.dirname, `../check/check-step.${extension}`), export: "default" };
}

async function acquire({ attempt, workshop }: Frame, { module }: StepTask): Promise<StepThread> {
  const acquired = workshop.steps.acquire(module, {
    code: () => workshop.code.stateOf(module),
    isWanted: () => !attempt.stopped,
  });
  const thread = await attempt.unlessStopped(acquired).catch(async (error: unknown) => {
    // A thread that was on its way when the attempt was stopped goes back.
    void acquired.then((late) => late && workshop.steps.release(late, true)).catch(() => undefined);
    throw error;
  });
  if (thread && !attempt.stopped) return thread;
  if (thread) await workshop.steps.release(thread, true);
  attempt.checkStopped();
  throw new Error("a thread is refused only to an attempt that was stopped");
}

function usageOf(exit: StepExit, peakHeap: number): Frame["usage"] {
  const end = exit.kind === "answered" ? exit.end : undefined;
  const memory = Math.max(peakHeap, end?.heap ?? 0);
  return { cpuMs: end?.cpuMs ?? null, peakMemory: memory || null, readBytes: null, writtenBytes: null };
}

function resultOf(spec: AttemptSpec, task: StepTask, { result }: StepEnd): JsonObject {
  const { task: name } = spec;
  switch (result.kind) {
    case "returned":
      return JSON.parse(result.json);
    case "bad-result":
      throw resultError(name, result.what);
    case "no-export":
      throw new ScanflowError(
        "SCANFLOW_EXPORT_NOT_FOUND",
        `The module ${relative(spec.root, task.module)} of task "${name}" exports no function "${task.export}"; it exports ${result.exports.join(", ") || "none"}. Export it, or name another.`,
      );
    case "thrown":
      // A check is a function of ours: where it stood is nothing to its user.
      if (spec.command.kind === "check" && result.coded !== null) {
        const { code, message } = result.coded;
        throw new Stopped(failure(code, `Checker "${name}": ${message}`, { retryable: true }));
      }
      throw new Stopped(
        taskFailed(`Task "${name}" failed:\n${result.stack}\nCorrect the step, then retry the run.`),
      );
  }
}

function lostThread({ task }: AttemptSpec, { code, error }: StepExit & { kind: "lost" }): Stop {
  if (error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY") {
    return taskFailed(
      `Task "${task}" ran out of memory (${error.message}). Let it do less at once, or run it as a command of its own.`,
    );
  }
  if (error)
    return taskFailed(
      `Task "${task}" ended its thread: ${error.message}. Correct the step, then retry the run.`,
    );
  return taskFailed(
    `Task "${task}" called process.exit(${code}). A step ends by returning or throwing: do so instead, then retry the run.`,
  );
}

function taskFailed(message: string): Stop {
  return failure("SCANFLOW_TASK_FAILED", message, { retryable: true });
}

function moduleError({ task, root }: AttemptSpec, { module }: StepTask): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_MODULE_NOT_FOUND",
    `The module ${relative(root, module)} of task "${task}" is not there (${module}). Correct its path, which is relative to the config's folder.`,
  );
}
