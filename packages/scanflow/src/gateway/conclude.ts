import type { Usage } from "@scanflow/core";
import { type Attempt, Stopped } from "../runners/attempt.ts";
import type { RemoteCommand } from "../runners/gateway.ts";
import { outcomeOf, stopOf } from "../runners/outcome.ts";
import type { AttemptOutcome } from "../runners/runner.ts";
import type { End } from "../shim/protocol.ts";
import type { CommandOutput } from "./command-output.ts";
import { judgeEnd } from "./judge-end.ts";
import type { RemoteOutputs } from "./remote-outputs.ts";

interface Concluded {
  readonly attempt: Attempt;
  readonly command: RemoteCommand;
  readonly output: CommandOutput;
  readonly outputs: RemoteOutputs;
}

/** What becomes of an attempt whose shim has done all that it can do; its outputs are published when it went well. */
export async function conclude(
  end: End,
  { attempt, command, output, outputs }: Concluded,
): Promise<AttemptOutcome> {
  const { spec } = attempt;
  const usage: Usage = { ...end.usage, readBytes: null, writtenBytes: null };
  try {
    attempt.ended();
    output.end();
    // What was asked to end leaves nothing behind: its group was still on its way out.
    attempt.checkStopped();
    if (end.left > 0)
      output.note(`the command ended and left ${end.left} process(es) running; they were ended`);
    const judged = { spec, command, logged: output.logged(end.lastLogged), quote: output.quote() };
    const result = judgeEnd(end, judged);
    const published = await outputs.publish(end);
    attempt.checkStopped();
    return { kind: "succeeded", outputs: published, result, usage };
  } catch (error) {
    const why = attempt.stopped ?? stopOf(error, spec.task);
    return outcomeOf(error instanceof Stopped ? error.reason : why, usage);
  }
}
