import type { JsonObject } from "@scanflow/core";
import { Stopped } from "./attempt.ts";
import { type Program, programOf } from "./contract/command-line.ts";
import { contractVariables } from "./contract/variables.ts";
import { openWorkdir } from "./contract/workdir.ts";
import type { Frame } from "./frame.ts";
import { judgeExit } from "./process/exit.ts";
import { markerOf, markerVariable } from "./process/marker.ts";
import { runProgram } from "./process/run-program.ts";
import { readResult } from "./result-file.ts";

/** Runs a task's command in a process of its own and gives the result that it left. */
export async function runCommand(frame: Frame): Promise<JsonObject> {
  const { attempt, places } = frame;
  const { task, params, item, command } = attempt.spec;
  if (command.kind !== "command") throw new TypeError(`not a command: ${command.kind}`);
  const program = programOf(command.command, {
    task,
    params,
    places,
    ...(item === undefined ? {} : { item }),
  });
  openWorkdir(attempt.spec, places);
  return runToEnd(frame, program, {});
}

/** Runs a program under the node contract, with these variables on top. */
export async function runToEnd(
  frame: Frame,
  program: Program,
  extra: Readonly<Record<string, string>>,
): Promise<JsonObject> {
  const { attempt, workshop, places, log, secrets } = frame;
  const { spec } = attempt;
  const { variables, leftOut } = contractVariables(spec, places);
  for (const name of leftOut) {
    log.note(`${name} is too long for an environment variable and is not set: read SCANFLOW_PARAMS_FILE`);
  }
  const env = {
    ...workshop.inherited,
    ...spec.env,
    ...extra,
    ...secrets,
    ...variables,
    ...program.variables,
    [markerVariable]: markerOf(spec.token, workshop.owner[markerVariable]),
  };
  const { exit, usage } = await runProgram({ attempt, program, env, places, log, ...workshop });
  frame.usage = usage;
  if (attempt.stopped) throw new Stopped(attempt.stopped);
  const failed = judgeExit(exit, program, { task: spec.task, quote: log.quote() });
  if (failed) throw new Stopped(failed);
  return readResult(places.result, spec.task);
}
