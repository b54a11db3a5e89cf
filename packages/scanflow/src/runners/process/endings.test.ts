import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test, vi } from "vitest";
import { openBench, temporaryFolder } from "../bench.test.support.ts";
import { scratchFiles } from "../contract/places.ts";
import { childrenOf, runs } from "./proc.test.support.ts";
import { bootId, readStat } from "./proc.ts";

const shell = (line: string) => ({ kind: "command" as const, command: ["sh", "-c", line] });

function pidIn(line: string): number {
  return Number(/\d+/.exec(line)?.[0]);
}

test("cancelling ends the whole group, those that ignore it too", async () => {
  const bench = await openBench();
  const attempt = bench.start({
    command: shell(
      "trap '' TERM; sh -c 'trap \"\" TERM; echo inner $$; while :; do sleep 1; done' & wait; wait",
    ),
  });
  const inner = pidIn(await attempt.said("inner"));
  expect(runs(inner)).toBe(true);
  attempt.cancel();
  attempt.cancel();
  expect(await attempt.done).toEqual({ kind: "cancelled" });
  expect(runs(inner)).toBe(false);
});

test("a command that ends in order when asked to is given the time", async () => {
  const bench = await openBench({ graceMs: 20_000 });
  const attempt = bench.start({
    command: shell(
      'trap "echo tidied > $SCANFLOW_CHECKPOINT/note; exit 0" TERM; echo ready; while :; do sleep 0.02; done',
    ),
  });
  await attempt.said("ready");
  attempt.cancel();
  expect(await attempt.done).toEqual({ kind: "cancelled" });
  expect(existsSync(join(attempt.spec.checkpoint, "note"))).toBe(true);
});

test("a child that left the group and its output is found and ended", async () => {
  const bench = await openBench();
  const attempt = bench.start({ command: shell("setsid sh -c 'echo stray $$; exec sleep 600' & sleep 600") });
  const stray = pidIn(await attempt.said("stray"));
  attempt.cancel();
  expect(await attempt.done).toEqual({ kind: "cancelled" });
  expect(runs(stray)).toBe(false);
});

test("what a command leaves running when it ends well is ended, and said", async () => {
  const bench = await openBench();
  const attempt = bench.start({
    command: shell("setsid sleep 600 > /dev/null 2>&1 & echo left $!; sleep 600 & echo left $!; exit 0"),
  });
  expect((await attempt.done).kind).toBe("succeeded");
  const left = attempt.lines.filter((line) => line.startsWith("left")).map(pidIn);
  expect(left.map(runs)).toEqual([false, false]);
  expect(attempt.lines.at(-1)).toContain("left 2 process(es) running");
});

test("cancelling before the start starts nothing", async () => {
  const bench = await openBench();
  const attempt = bench.start({ command: shell("echo ran") });
  attempt.cancel();
  expect(await attempt.done).toEqual({ kind: "cancelled" });
});

test("closing the runner ends everything", async () => {
  const bench = await openBench();
  const attempts = ["sleep 600", "sleep 601"].map((line) => bench.start({ command: shell(line) }));
  await Promise.all(attempts.map(({ begun }) => begun));
  await bench.runner.close();
  expect(await Promise.all(attempts.map(({ done }) => done))).toEqual([
    { kind: "cancelled" },
    { kind: "cancelled" },
  ]);
});

interface StartedOwner {
  readonly owner: ChildProcess;
  /** Of those that said so. */
  readonly pids: number[];
  readonly launcher: number;
}

/** Starts an owner in a process of its own that runs one attempt. */
async function startOwner(folder: string, line: string): Promise<StartedOwner> {
  const program = join(import.meta.dirname, "owner.test.support.ts");
  const owner = spawn(process.execPath, ["--conditions=source", program, folder, line], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void owner.kill("SIGKILL"));
  const pids: number[] = [];
  for await (const text of createInterface({ input: owner.stdout })) {
    if (text === "recorded") break;
    pids.push(pidIn(text));
  }
  const [launcher = 0] = childrenOf(owner.pid ?? 0);
  return { owner, pids, launcher };
}

test("what an owner that was killed was running ends, the deaf and the strays too, and its launcher", async () => {
  const folder = await temporaryFolder();
  const line =
    "trap '' TERM; setsid sh -c 'echo stray $$; exec sleep 600' & sh -c 'trap \"\" TERM; echo member $$; exec sleep 600' & echo leader $$; wait; wait";
  const { owner, pids, launcher } = await startOwner(folder, line);
  expect(pids).toHaveLength(3);
  owner.kill("SIGKILL");
  await once(owner, "exit");
  await vi.waitFor(() => expect([...pids, launcher].filter(runs)).toEqual([]), { timeout: 30_000 });
});

test("what an owner and its launcher that were killed have left is found by the next one and ended", async () => {
  const folder = await temporaryFolder();
  const line =
    "setsid sh -c 'echo stray $$; exec sleep 600' & sh -c 'echo member $$; exec sleep 600' & echo leader $$; wait";
  const { owner, pids, launcher } = await startOwner(folder, line);
  expect(pids).toHaveLength(3);
  // Neither may act on the end of the other.
  owner.kill("SIGSTOP");
  process.kill(launcher, "SIGKILL");
  owner.kill("SIGKILL");
  await once(owner, "exit");
  expect(pids.map(runs)).toEqual([true, true, true]);

  const bench = await openBench();
  const place = {
    run: "r",
    task: "t",
    attempt: 1,
    token: "token-of-owner",
    workdir: join(folder, "work/t.1"),
  };
  await bench.runner.reclaim({ ...place, token: "another-token" });
  // The recorded group is the attempt's, whatever token it is asked for with; the stray is known by the token only.
  expect(pids.map(runs).filter(Boolean)).toHaveLength(1);
  await bench.runner.reclaim(place);
  expect(pids.map(runs)).toEqual([false, false, false]);
  expect(existsSync(place.workdir)).toBe(false);
});

test("a process that has the number of a dead one by now is left alone", async () => {
  const folder = await temporaryFolder();
  const other = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
  onTestFinished(() => void other.kill("SIGKILL"));
  const pid = other.pid ?? 0;
  const workdir = join(folder, "work/t.1");
  const file = scratchFiles(workdir).process;
  mkdirSync(dirname(file), { recursive: true });
  const { runner } = await openBench();
  const place = { run: "r", task: "t", attempt: 1, token: "some-token", workdir };
  const start = readStat(pid)?.start ?? "";
  for (const record of [
    { pid, start: `${Number(start) - 1}`, boot: bootId() },
    { pid, start, boot: "another boot" },
    { pid: "x" },
  ]) {
    writeFileSync(file, JSON.stringify(record));
    await runner.reclaim(place);
    expect(runs(pid)).toBe(true);
    expect(existsSync(file)).toBe(false);
  }
  writeFileSync(file, JSON.stringify({ pid, start, boot: bootId() }));
  await runner.reclaim(place);
  expect(runs(pid)).toBe(false);
});
