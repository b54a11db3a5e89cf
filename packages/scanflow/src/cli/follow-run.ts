import type { RunDetail, WatchMessage } from "../api/index.ts";
import { codedError } from "./coded-error.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import type { Output } from "./output.ts";
import { jsonProgress } from "./progress/json-progress.ts";
import { liveProgress } from "./progress/live-progress.ts";
import { plainProgress } from "./progress/plain-progress.ts";
import type { Progress } from "./progress/progress.ts";
import { RunView } from "./progress/run-view.ts";
import type { Session } from "./session.ts";
import { printSummary } from "./summary.ts";

export interface Followed {
  readonly run: string;
  /** Only what came after this event is shown. */
  readonly seq: number;
}

/** Shows a run until it rests, then what came of it. Errors: SCANFLOW_OWNER_GONE, SCANFLOW_RUN_BROKEN. */
export async function followRun(session: Session, { run, seq }: Followed, output: Output): Promise<ExitCode> {
  const { connection, interrupt } = session;
  const { client, owner, pid } = connection;
  const detail = await client.runs.show({ run });
  if (!output.json) await printHead(session, detail, output);
  const last = await watch(session, { detail, seq, output });
  const rested = last?.kind === "rest" && last.rest !== "interrupted" ? last.run : null;
  if (interrupt.signal.aborted && !rested) {
    await interrupt.done;
    output.note(
      owner
        ? `Interrupted; what is finished is kept. Take the run up again with "scanflow resume ${run}".`
        : `The run goes on in process ${pid}. End it with "scanflow cancel ${run}".`,
    );
    return EXIT.interrupted;
  }
  if (last?.kind === "broken") {
    const { code, message } = last.error;
    throw codedError(
      code,
      `${message} The run is kept as it was stored; take it up again with "scanflow resume ${run}".`,
    );
  }
  if (!rested) {
    throw codedError(
      "SCANFLOW_OWNER_GONE",
      `The owner of this folder (process ${pid}) ended, and the run was interrupted. Take it up again with "scanflow resume ${run}".`,
    );
  }
  if (!output.json) printSummary(rested, output);
  return exitCodeOfRun(rested.status);
}

function exitCodeOfRun(status: RunDetail["status"]): ExitCode {
  if (status === "succeeded") return EXIT.done;
  return status === "waiting" || status === "paused" ? EXIT.waiting : EXIT.failed;
}

async function printHead(
  { connection }: Session,
  { workflow, run }: RunDetail,
  output: Output,
): Promise<void> {
  const { url } = await connection.client.health.show({});
  const tracker = url === null ? "" : `  ${output.style("dim", `tracker ${url}`)}`;
  output.line(`${output.style("bold", workflow)}  run ${run}${tracker}`);
}

interface Watched {
  readonly detail: RunDetail;
  readonly seq: number;
  readonly output: Output;
}

/** The last message of the run's stream; undefined when it broke off or was left. */
async function watch(
  { connection, interrupt }: Session,
  { detail, seq, output }: Watched,
): Promise<WatchMessage | undefined> {
  const { run } = detail;
  const view = new RunView(detail);
  const progress = progressFor(view, output);
  // The owner hears of the interruption itself and says so in the stream.
  const options = connection.owner ? {} : { signal: interrupt.signal };
  try {
    const messages = connection.client.runs.watch({ run, after: seq, lines: !output.json }, options);
    for await (const message of messages) {
      if (message.kind === "rest" || message.kind === "broken") return message;
      show(message, view, progress);
    }
    return undefined;
  } finally {
    progress.end();
  }
}

function show(message: WatchMessage, view: RunView, progress: Progress): void {
  switch (message.kind) {
    case "event":
      view.take(message.event);
      return progress.event(message.event);
    case "line":
      view.line(message.task, message.line);
      return progress.line(message.task, message.line);
    case "omitted":
      return progress.omitted(message.lines);
  }
}

function progressFor(view: RunView, output: Output): Progress {
  if (output.json) return jsonProgress(output);
  return output.terminal ? liveProgress(view, output) : plainProgress(view, output);
}
