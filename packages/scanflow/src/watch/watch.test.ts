import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkDrift, type Dataset, profileColumns, toMatrix, type Verdict } from "@scanflow/checks";
import { countWindows, timeWindows } from "@scanflow/checks/stream";
import { expect, onTestFinished, test } from "vitest";
import { followStream, type NewRecord, StreamLog, type StreamTask } from "../data/stream/index.ts";
import { detectorTask } from "./detector-task.ts";
import { windowTask } from "./window-task.ts";

async function openLog(): Promise<StreamLog> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-watch-"));
  const log = await StreamLog.open({ location: join(folder, "streams.db") });
  onTestFinished(async () => {
    await log.close();
    await rm(folder, { recursive: true });
  });
  return log;
}

async function follow(log: StreamLog, name: string, make: (consumer: never) => StreamTask): Promise<void> {
  const consumer = await log.consumer("s", name);
  const signal = new AbortController().signal;
  await followStream(log, { consumer, task: make(consumer as never) }, { signal, end: "caught-up" });
}

async function verdicts(log: StreamLog, name: string) {
  return (await log.outputs("s", name)).map(
    ({ output }) =>
      output as unknown as { verdict: Verdict; told: boolean; window: { startMs: number; late: number } },
  );
}

const reference = profileColumns(
  { x: Float64Array.from({ length: 500 }, (_, row) => row % 100) },
  { seed: 1 },
);

async function judge(window: Dataset) {
  const x: number[] = [];
  for await (const batch of window.batches?.() ?? []) x.push(...toMatrix(batch, ["x"]).values);
  return { verdict: checkDrift(reference, { x }), checks: [] };
}

const steady = (count: number, shift: number, from = 0): NewRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `r${from + index}`,
    timeMs: 1000 * (from + index),
    values: { x: ((from + index) % 100) + shift },
  }));

test("windows of a stream get a verdict each; one change is told once while it cools down", async () => {
  const log = await openLog();
  await log.append("s", [...steady(400, 0), ...steady(450, 60, 400)]);
  await follow(log, "drift", (consumer) =>
    windowTask({ log, consumer, windows: countWindows({ size: 100 }), judge, coolDownWindows: 2 }),
  );
  const found = await verdicts(log, "drift");
  expect(found.map(({ verdict }) => verdict.status)).toEqual([
    ...["ok", "ok", "ok", "ok", "alarm", "alarm", "alarm", "alarm"],
  ]);
  expect(found.map(({ told }) => told)).toEqual([false, false, false, false, true, false, false, true]);
});

test("a window by time holds what happened in it; late records are counted", async () => {
  const log = await openLog();
  await log.append("s", [...steady(120, 0), { timeMs: 1000, values: { x: 5 } }, ...steady(60, 0, 121)]);
  await follow(log, "drift", (consumer) =>
    windowTask({ log, consumer, windows: timeWindows({ sizeMs: 60_000 }), judge }),
  );
  const found = await verdicts(log, "drift");
  expect(found.map(({ window }) => [window.startMs, window.late])).toEqual([
    [0, 0],
    [60_000, 1],
    [120_000, 0],
  ]);
});

test("a record whose time is far ahead does not end a checker in silence: that all others are late is told", async () => {
  const log = await openLog();
  const make = (consumer: never) =>
    windowTask({ log, consumer, windows: timeWindows({ sizeMs: 60_000 }), judge });
  await log.append("s", [...steady(120, 0), { id: "ahead", timeMs: 9e15 / 2, values: { x: 5 } }]);
  await log.append("s", steady(60, 0, 121));
  await follow(log, "drift", make);
  await log.append("s", steady(1_000, 0, 200));
  await follow(log, "drift", make);
  const found = (await verdicts(log, "drift")).slice(2);
  expect(found.map(({ verdict }) => [verdict.status, verdict.message.slice(0, 22)])).toEqual([
    ["invalid", "The last 100 records c"],
    ["invalid", "The last 1000 records "],
  ]);
  expect(found[0]?.verdict.message).toContain("a record of +144569-04-28");
});

test("a consumer that is taken up with other settings is refused", async () => {
  const log = await openLog();
  await log.append("s", steady(10, 0));
  const make = (size: number) => (consumer: never) =>
    windowTask({ log, consumer, windows: countWindows({ size }), judge, settings: { check: "drift" } });
  await follow(log, "drift", make(100));
  await expect(follow(log, "drift", make(50))).rejects.toThrow(
    '"drift" was begun with other settings: size was 100 and is 50; slide was 100 and is 50. Give the same',
  );
});

test("a detector of a column that no record has says so once, and which there are", async () => {
  const log = await openLog();
  const make = (consumer: never) => detectorTask({ consumer, detector: "adwin", column: "y" });
  for (const from of [0, 6, 12]) {
    await log.append("s", steady(6, 0, from));
    await follow(log, "misspelt", make);
  }
  const [only, ...others] = await verdicts(log, "misspelt");
  expect(others).toEqual([]);
  expect(only?.verdict.message).toBe(
    'None of the first 10 records has a value in "y". Name one of x, or see what fills it.',
  );
});

test("a detector watches a column, and a value that is none is told of once and stops nothing", async () => {
  const log = await openLog();
  const values = [
    ...Array.from({ length: 300 }, (_, index) => index % 7 === 0),
    ...["?", "?", null],
    ...Array.from({ length: 200 }, (_, index) => index % 3 !== 0),
  ];
  const records = values.map((wrong, index) => ({ id: `r${index}`, values: { wrong } }));
  const make = (consumer: never) => detectorTask({ consumer, detector: "hddm-a", column: "wrong" });
  await log.append("s", records.slice(0, 301));
  await follow(log, "errors", make);
  await log.append("s", records.slice(301));
  await follow(log, "errors", make);
  const found = await verdicts(log, "errors");
  expect(found.map(({ verdict }) => verdict.status)).toEqual(["invalid", "warning", "alarm"]);
  expect(found[0]?.verdict.message).toContain('"wrong" of record r300 was left out: it is "?", no number');
  expect(found[2]?.verdict.evidence.wrong).toMatchObject({ detector: "hddm-a" });
});
