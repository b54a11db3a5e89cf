import { setTimeout as sleep } from "node:timers/promises";
import { type Dataset, toMatrix } from "@scanflow/checks";
import { countWindows } from "@scanflow/checks/stream";
import { followStream, type StreamLog } from "../data/stream/index.ts";
import { detectorTask } from "./detector-task.ts";
import { windowTask } from "./window-task.ts";

/** Says of a window what its mean is, slowly enough to be killed meanwhile. */
async function judge(window: Dataset) {
  await sleep(2);
  let sum = 0;
  for await (const batch of window.batches?.() ?? []) {
    for (const value of toMatrix(batch, ["x"]).values) sum += value;
  }
  const status = sum > 2500 ? ("alarm" as const) : ("ok" as const);
  return { verdict: { status, kind: "sum", message: `The sum is ${sum}.`, columns: [] }, checks: [] };
}

/** Follows the stream "s" with sliding windows and with a detector, until all that there is has been taken. */
export async function followBoth(log: StreamLog): Promise<void> {
  const signal = new AbortController().signal;
  const windowed = await log.consumer("s", "windowed");
  const detected = await log.consumer("s", "detected");
  const windows = countWindows({ size: 50, slide: 20 });
  await Promise.all([
    followStream(
      log,
      {
        consumer: windowed,
        task: windowTask({ log, consumer: windowed, windows, judge, coolDownWindows: 3 }),
      },
      { signal, end: "caught-up", batch: 64 },
    ),
    followStream(
      log,
      {
        consumer: detected,
        task: detectorTask({
          consumer: detected,
          detector: "page-hinkley",
          column: "x",
          options: { threshold: 40 },
        }),
      },
      { signal, end: "caught-up", batch: 16 },
    ),
  ]);
}

if (process.argv[1] === import.meta.filename) {
  const { StreamLog: Log } = await import("../data/stream/index.ts");
  const log = await Log.open({ location: process.argv[2] ?? "" });
  process.stdout.write("ready\n");
  await followBoth(log);
  await log.close();
}
