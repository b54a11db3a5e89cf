import type { RunDetail, WatchMessage } from "../api/index.ts";
import { codedError } from "./coded-error.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { AGAIN, endingText } from "./interrupt.ts";
import type { Output } from "./output.ts";
import { jsonProgress, restLine } from "./progress/json-progress.ts";
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
  /** Whether to go on where it waits for a person, until it has ended. */
  readonly stay?: boolean;
}

/** Shows a run until it rests, then what came of it. Errors: SCANFLOW_OWNER_GONE, SCANFLOW_RUN_BROKEN. */
export async function followRun(
  session: Session,
  { run, seq, stay = false }: Followed,
  output: Output,
): Promise<ExitCode> {
  const { connection, interrupt } = session;
  const detail = await connection.client.runs.show({ run });
  if (!output.json) await printHead(session, detail, output);
  const view = new RunView(detail);
  const last = await watch(session, { view, seq, stay, output });
  if (isRest(last)) return tellRest(last, output);
  if (interrupt.signal.aborted) return left(session, view, output);
  if (last?.kind === "broken") {
    const { code, message } = last.error;
    const kept = `The run is kept as it was stored; take it up again with "scanflow resume ${run}".`;
    throw codedError(code, `${message.replace(/[^.!?]$/, "$&.")} ${kept}`);
  }
  const who = connection.owner ? "" : ` (process ${connection.pid})`;
  throw codedError(
    "SCANFLOW_OWNER_GONE",
    `The owner of this folder${who} ended, and the run was interrupted. Take it up again with "scanflow resume ${run}".`,
  );
}

interface Rested {
  readonly rest: "finished" | "waiting" | "paused";
  readonly run: RunDetail;
}

/** Whether a run came to its end, or goes no further without a person. */
function isRest(last: WatchMessage | undefined): last is WatchMessage & Rested {
  return last?.kind === "rest" && last.rest !== "interrupted" && last.run !== null;
}

function tellRest({ rest, run }: Rested, output: Output): ExitCode {
  if (!output.json) printSummary(run, output);
  // The end of a run is an event of its own, which stands there already.
  else if (rest !== "finished") output.line(restLine(run, rest));
  if (rest !== "finished") return EXIT.waiting;
  return run.status === "succeeded" ? EXIT.done : EXIT.failed;
}

/** After the first signal to end. */
async function left({ connection, interrupt }: Session, view: RunView, output: Output): Promise<ExitCode> {
  const { owner, pid } = connection;
  if (!owner) {
    output.note(`The run goes on in process ${pid}. End it with "scanflow cancel ${view.run}".`);
    return EXIT.interrupted;
  }
  const running = view.work
    .filter(({ status }) => status === "running" || status === "up")
    .map(({ id }) => view.items.label(id));
  if (running.length > 0) output.note(`${endingText(running)} ${AGAIN}`);
  await interrupt.done;
  output.note(
    `Interrupted; what is finished is kept. Take the run up again with "scanflow resume ${view.run}".`,
  );
  return EXIT.interrupted;
}

async function printHead(
  { connection }: Session,
  { workflow, run, mode, status }: RunDetail,
  output: Output,
): Promise<void> {
  const { tracker } = await connection.client.health.show({});
  const place = tracker === null ? "" : `  ${output.style("dim", `tracker ${tracker}`)}`;
  output.line(`${output.style("bold", workflow)}  run ${run}${place}`);
  if (mode === "online" && status === "running")
    output.line(output.style("dim", `stays up until it is ended: scanflow cancel ${run}`));
}

interface Watched {
  readonly view: RunView;
  readonly seq: number;
  readonly stay: boolean;
  readonly output: Output;
}

/** The last message of the run's stream; undefined when it broke off or was left. */
async function watch(
  { connection, interrupt }: Session,
  { view, seq, stay, output }: Watched,
): Promise<WatchMessage | undefined> {
  const { run } = view;
  const progress = progressFor(view, output);
  // The owner hears of the interruption itself and says so in the stream.
  const options = connection.owner ? {} : { signal: interrupt.signal };
  let last: WatchMessage | undefined;
  try {
    const until = stay ? "end" : "rest";
    const messages = connection.client.runs.watch({ run, after: seq, lines: !output.json, until }, options);
    for await (const message of messages) {
      if (message.kind === "rest" || message.kind === "broken") {
        last = message;
        break;
      }
      show(message, view, progress);
    }
    return last;
  } finally {
    progress.end({ summarised: isRest(last) });
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
