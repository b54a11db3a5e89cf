import { errorCode, type RunEvent } from "@scanflow/core";
import type { WatchMessage } from "../api/index.ts";
import type { ActiveRun, RunRow } from "../engine/index.ts";
import { Channel } from "./channel.ts";
import type { FedLine } from "./line-feed.ts";
import type { OwnerRooms } from "./rooms.ts";
import { runDetail } from "./run-detail.ts";

export interface WatchOptions {
  readonly row: RunRow;
  /** Only events after this seq. */
  readonly after: number;
  readonly lines: boolean;
  /** `end`: go on where the run waits for a person or is paused. */
  readonly until: "rest" | "end";
  readonly signal?: AbortSignal | undefined;
}

/** Lines that wait for a slow reader before they are left out. */
const mostWaiting = 2000;
const aliveEveryMs = 15_000;

/** Events of a run, from the journal and then as they come, with the lines of its tasks between them. */
export async function* watchRun(rooms: OwnerRooms, options: WatchOptions): AsyncGenerator<WatchMessage> {
  const { signal } = options;
  const { run } = options.row;
  const channel = new Channel<WatchMessage>();
  const active = rooms.engine.active(run);
  let omitted = 0;
  const tellOmitted = () => {
    if (omitted > 0) channel.push({ kind: "omitted", lines: omitted });
    omitted = 0;
  };
  const unlisten = options.lines
    ? rooms.feed.listen(run, (line) => {
        if (channel.size >= mostWaiting) omitted += 1;
        else {
          tellOmitted();
          channel.push(lineMessage(line));
        }
      })
    : () => {};
  const unhear = active?.onEvents((events) => {
    for (const event of events) channel.push({ kind: "event", event });
  });
  const recent = options.lines ? rooms.feed.recent(run, options.after) : [];
  const alive = setInterval(() => channel.push({ kind: "alive" }), aliveEveryMs);
  const finish = (message: WatchMessage) => {
    tellOmitted();
    channel.push(message);
    channel.close();
  };
  const left = () => channel.close();
  const interrupted = () => finish({ kind: "rest", rest: "interrupted", run: null });
  signal?.addEventListener("abort", left, { once: true });
  rooms.closing.addEventListener("abort", interrupted, { once: true });
  if (signal?.aborted) left();
  const over = Promise.withResolvers<void>();
  if (options.until === "rest") rooms.attend(over.promise);
  try {
    let seq = options.after;
    for (const message of together(await rooms.engine.journal.events(run, seq), recent)) {
      if (message.kind === "event") seq = message.event.seq;
      yield message;
    }
    void restOf(rooms, active, options).then(finish);
    for await (const message of channel) {
      if (message.kind === "event" && message.event.seq <= seq) continue;
      yield message;
    }
  } finally {
    over.resolve();
    clearInterval(alive);
    unlisten();
    unhear?.();
    signal?.removeEventListener("abort", left);
    rooms.closing.removeEventListener("abort", interrupted);
  }
}

function lineMessage({ task, attempt, line }: FedLine): WatchMessage {
  return { kind: "line", task, attempt, line };
}

/** What was stored with what was said, each line after the event it followed. */
function* together(events: readonly RunEvent[], lines: readonly FedLine[]): Generator<WatchMessage> {
  let next = 0;
  for (const event of events) {
    for (let line = lines[next]; line && line.after < event.seq; line = lines[++next])
      yield lineMessage(line);
    yield { kind: "event", event };
  }
  for (const line of lines.slice(next)) yield lineMessage(line);
}

/** Resolves with the last message. */
async function restOf(
  rooms: OwnerRooms,
  active: ActiveRun | undefined,
  { row, until }: WatchOptions,
): Promise<WatchMessage> {
  try {
    if (active) {
      const rest = until === "end" ? await ended(active) : await active.rest();
      return { kind: "rest", rest, run: await runDetail(rooms, row) };
    }
    const run = await runDetail(rooms, row);
    const { status } = run;
    const resting = status === "waiting" || status === "paused" || status === "interrupted";
    return { kind: "rest", rest: resting ? status : "finished", run };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: "broken", error: { code: errorCode(error) ?? "SCANFLOW_RUN_BROKEN", message } };
  }
}

/** Resolves at the run's end, through all its rests. */
async function ended(active: ActiveRun): Promise<"finished"> {
  for (;;) {
    if ((await active.rest()) === "finished") return "finished";
    await new Promise<void>((resolve) => {
      const unhear = active.onEvents(() => {
        unhear();
        resolve();
      });
    });
  }
}
