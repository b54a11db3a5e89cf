import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createRandom } from "@scanflow/checks/random";
import { expect, onTestFinished, test } from "vitest";
import { type NewRecord, StreamLog } from "../packages/scanflow/src/data/stream/index.ts";
import { followBoth } from "../packages/scanflow/src/watch/follow-both.test.support.ts";

const follower = fileURLToPath(
  new URL("../packages/scanflow/src/watch/follow-both.test.support.ts", import.meta.url),
);
const COUNT = 2400;
const KILLS = 12;

async function openLog(): Promise<{ log: StreamLog; location: string }> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-watch-kill-"));
  const location = join(folder, "streams.db");
  const log = await StreamLog.open({ location });
  onTestFinished(async () => {
    await log.close();
    await rm(folder, { recursive: true });
  });
  return { log, location };
}

function records(): NewRecord[] {
  const random = createRandom(9, "watch-kill");
  return Array.from({ length: COUNT }, (_, index) => ({
    id: `r${index}`,
    timeMs: index * 1000,
    values: { x: Math.round(random.uniform() * 60) + (index % 800 > 500 ? 25 : 0) },
  }));
}

function start(location: string): ChildProcess {
  return spawn(process.execPath, ["--conditions=source", follower, location], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** What a consumer put out, without what hangs on when and where it was stored. */
async function putOut(log: StreamLog, consumer: string): Promise<unknown[]> {
  const outputs = await log.outputs("s", consumer, -1, 10_000);
  expect(outputs.map(({ number }) => number)).toEqual(outputs.map((_, index) => index));
  return outputs.map(({ output }) => {
    const { position: _, ...record } = (output.record ?? {}) as Record<string, unknown>;
    return { ...output, record };
  });
}

/** However busy the machine is, a checker is killed in the midst of its work, and not before it. */
async function untilMoved(log: StreamLog, from: number): Promise<void> {
  for (let waited = 0; waited < 2_000; waited += 1) {
    const { position } = await log.consumer("s", "windowed");
    if (position > from) return;
    await sleep(5);
  }
}

test("a checker that is killed again and again loses no window and doubles no verdict", async () => {
  const straight = await openLog();
  await straight.log.append("s", records());
  await followBoth(straight.log);

  const { log, location } = await openLog();
  const random = createRandom(31, "kills");
  const all = records();
  await log.append("s", all.slice(0, 300));
  const placesAtKill: number[] = [];
  let inTheMidst = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const child = start(location);
    const closed = once(child, "close");
    await once(child.stdout as NodeJS.ReadableStream, "data");
    const from = 300 + kill * 175;
    // Their answer may have been lost: the last ten are sent again.
    await log.append("s", all.slice(from - 10, from + 175));
    await untilMoved(log, placesAtKill.at(-1) ?? 0);
    await sleep(random.uniform() * 40);
    child.kill("SIGKILL");
    const [, signal] = await closed;
    inTheMidst += signal === "SIGKILL" ? 1 : 0;
    placesAtKill.push((await log.consumer("s", "windowed")).position);
  }
  const last = start(location);
  const [code] = await once(last, "close");
  expect(code).toBe(0);

  expect(new Set(placesAtKill).size).toBeGreaterThan(4);
  expect(inTheMidst).toBeGreaterThan(4);
  const windows = await putOut(log, "windowed");
  expect(windows).toHaveLength(Math.floor((COUNT - 50) / 20) + 1);
  expect(windows).toEqual(await putOut(straight.log, "windowed"));
  const alarms = await putOut(log, "detected");
  expect(alarms.length).toBeGreaterThan(2);
  expect(alarms).toEqual(await putOut(straight.log, "detected"));
});
