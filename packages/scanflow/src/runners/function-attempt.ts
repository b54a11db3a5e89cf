import { existsSync } from "node:fs";
import type { JsonObject } from "@scanflow/core";
import { Stopped } from "./attempt.ts";
import { makeFolders } from "./contract/places.ts";
import { contractVariables } from "./contract/variables.ts";
import type { Frame } from "./frame.ts";
import type { StepTask } from "./function/messages.ts";
import { stepFunction } from "./function/step-module.ts";
import { exitedStep, moduleError, stepResult, taskFailed } from "./function/step-result.ts";
import type { StepExit, StepThread } from "./function/step-thread.ts";
import type { Stop } from "./outcome.ts";
import { endFamily, mayHaveLeft } from "./process/leftovers.ts";
import { markerOf, markerVariable } from "./process/marker.ts";
import { newestProcess } from "./process/proc.ts";
import { needPython, type PythonUse } from "./python-attempt.ts";
import type { AttemptSpec } from "./runner.ts";

/** Runs a task's exported function in a warm thread and gives the result that it returned. */
export async function runFunction(frame: Frame): Promise<JsonObject> {
  const { attempt, workshop, log } = frame;
  const { spec } = attempt;
  const python = spec.environment.kind === "python" ? await needPython(frame) : undefined;
  const task = stepTask(frame, python?.variables ?? {});
  if (!existsSync(task.module)) throw moduleError(spec, task.module);
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
  return stepResult(spec, exit.end.result);
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
    ...stepFunction(command, spec.root),
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
  return exitedStep(task, code);
}
