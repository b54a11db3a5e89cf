import type { JsonObject } from "@scanflow/core";
import { Stopped } from "./attempt.ts";
import { type Program, programOf } from "./contract/command-line.ts";
import { contractVariables, leftOutNote } from "./contract/variables.ts";
import { openWorkdir } from "./contract/workdir.ts";
import type { Frame } from "./frame.ts";
import { judgeExit } from "./process/exit.ts";
import { markerOf, markerVariable } from "./process/marker.ts";
import { runProgram } from "./process/run-program.ts";
import { needPython } from "./python-attempt.ts";
import { readResult } from "./result-file.ts";
import { openService, type ProcessService } from "./service-attempt.ts";

/** Runs a task's command in a process of its own and gives the result that it left. */
export async function runCommand(frame: Frame): Promise<JsonObject> {
  const { attempt, places } = frame;
  const { task, params, item, command, environment } = attempt.spec;
  if (command.kind !== "command") throw new TypeError(`not a command: ${command.kind}`);
  const program = programOf(command.command, {
    task,
    params,
    places,
    ...(item === undefined ? {} : { item }),
  });
  const extra = environment.kind === "python" ? (await needPython(frame)).variables : {};
  openWorkdir(attempt.spec, places);
  return runToEnd(frame, program, { extra });
}

export interface ToEnd {
  /** Variables on top of the task's own. */
  readonly extra: Readonly<Record<string, string | undefined>>;
  readonly judge?: typeof judgeExit;
}

/** Runs a program under the node contract. */
export async function runToEnd(frame: Frame, program: Program, toEnd: ToEnd): Promise<JsonObject> {
  const service = await openService(frame);
  try {
    return await runContract(frame, program, { ...toEnd, service });
  } finally {
    service?.over();
  }
}

async function runContract(
  frame: Frame,
  program: Program,
  { extra, judge = judgeExit, service }: ToEnd & { readonly service: ProcessService | undefined },
): Promise<JsonObject> {
  const { attempt, workshop, places, log, secrets } = frame;
  const { spec } = attempt;
  const { variables, leftOut } = contractVariables(spec, places, service);
  for (const name of leftOut) log.note(leftOutNote(name));
  const added = {
    ...spec.env,
    ...extra,
    ...secrets,
    ...variables,
    ...program.variables,
    [markerVariable]: markerOf(spec.token, workshop.owner[markerVariable]),
  };
  workshop.checkpoints.open(spec.checkpoint);
  const { exit, usage } = await runProgram({
    attempt,
    program,
    variables: added,
    places,
    log,
    begun: () => service?.watch(),
    ...workshop,
  }).finally(() => workshop.checkpoints.close(spec.checkpoint));
  frame.usage = usage;
  if (attempt.stopped) throw new Stopped(attempt.stopped);
  const failed = judge(exit, program, { task: spec.task, quote: log.quote() });
  if (failed) throw new Stopped(failed);
  return readResult(places.result, spec.task);
}
