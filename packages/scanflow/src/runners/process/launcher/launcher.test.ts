import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { type Bench, errorOf, openBench, type Started } from "../../bench.test.support.ts";
import { moduleFiles } from "../../code/module-files.ts";
import { runs } from "../proc.test.support.ts";
import { readProc, readStat } from "../proc.ts";

const shell = (line: string) => ({ kind: "command" as const, command: ["sh", "-c", line] });

/** An attempt that runs on, with its process and the launcher that started it. */
async function startLong(
  bench: Bench,
  given: Parameters<Bench["start"]>[0] = {},
): Promise<{ attempt: Started; pid: number; launcher: number }> {
  const attempt = bench.start({ command: shell("echo leader $$; exec sleep 600"), ...given });
  const pid = Number((await attempt.said("leader")).split(" ")[1]);
  return { attempt, pid, launcher: readStat(pid)?.parent ?? 0 };
}

test("a launcher that is lost fails what ran, for another try, and the next command gets a new one", async () => {
  const bench = await openBench();
  const first = await startLong(bench);
  const stray = bench.start({
    command: shell("setsid sh -c 'echo stray $$; exec sleep 600' > /dev/null & echo stray $!; wait"),
  });
  const strayPid = Number((await stray.said("stray")).split(" ")[1]);
  expect(first.launcher).not.toBe(process.pid);
  process.kill(first.launcher, "SIGKILL");
  for (const { done } of [first.attempt, stray]) {
    const error = errorOf(await done);
    expect(error).toMatchObject({ code: "SCANFLOW_LAUNCHER_LOST", retryable: true });
    expect(error.message).toContain("SIGKILL");
  }
  expect([first.pid, strayPid].filter(runs)).toEqual([]);

  const second = await startLong(bench);
  expect(second.launcher).not.toBe(first.launcher);
  second.attempt.cancel();
  expect(await second.attempt.done).toEqual({ kind: "cancelled" });
});

test("one launcher starts all commands, is left alone by signals, and ends with its runner", async () => {
  const bench = await openBench();
  const all = await Promise.all(Array.from({ length: 12 }, () => startLong(bench)));
  const [launcher = 0, ...others] = new Set(all.map((one) => one.launcher));
  expect(others).toEqual([]);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.kill(launcher, signal);
  expect((await bench.start({ command: shell("echo fine") }).done).kind).toBe("succeeded");
  expect(all.every(({ pid }) => runs(pid))).toBe(true);
  await bench.runner.close();
  expect([launcher, ...all.map(({ pid }) => pid)].filter(runs)).toEqual([]);
});

test("commands are given nothing of the launcher's, and it shows nothing of theirs", async () => {
  const { NODE_COMPILE_CACHE: _, ...own } = process.env;
  const environment = { ...own, API_KEY: "s3cr3t-w0rd", OUTSIDE: "from-outside" };
  const bench = await openBench({ environment });
  const { attempt, launcher } = await startLong(bench, {
    command: shell("echo leader $$; ls -l /proc/$$/fd; env; exec sleep 600"),
    env: { OWN: "own-value" },
    secrets: ["API_KEY"],
  });
  await attempt.said("OWN=own-value");
  await attempt.said("OUTSIDE=from-outside");
  const files = attempt.lines.filter((line) => line.includes(" -> "));
  expect(files.length).toBeGreaterThanOrEqual(3);
  expect(files.filter((line) => Number(/(\d+) ->/.exec(line)?.[1]) > 2 && line.includes("socket:"))).toEqual(
    [],
  );
  expect(attempt.lines.filter((line) => line.startsWith("NODE_COMPILE_CACHE"))).toEqual([]);
  const shown = ["cmdline", "environ"].map((name) => readProc(`/proc/${launcher}/${name}`)).join();
  expect(shown).toContain("launcher-worker");
  for (const hidden of ["s3cr3t-w0rd", "from-outside", "own-value", attempt.spec.token, bench.root]) {
    expect(shown).not.toContain(hidden);
  }
  attempt.cancel();
  await attempt.done;
});

test("a flood waits in its own process while the owner is slow, and holds nobody up", async () => {
  const bench = await openBench();
  const still = new Int32Array(new SharedArrayBuffer(4));
  let lines = 0;
  const { attempt, launcher } = await startLong(bench);
  const flood = bench.start(
    { command: shell("yes 'a line of the flood' | head -c 300000000; echo last") },
    {
      line: () => {
        lines += 1;
        // As long as it takes to send it all, were it not held back.
        if (lines % 100_000 === 1) Atomics.wait(still, 0, 0, 50);
      },
    },
  );
  await flood.said("a line");
  expect((await bench.start({ command: shell("echo fine") }).done).kind).toBe("succeeded");
  expect((await flood.done).kind).toBe("succeeded");
  const peak = /VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${launcher}/status`, "latin1"))?.[1];
  expect(Number(peak)).toBeLessThan(160_000);
  attempt.cancel();
  await attempt.done;
});

test("the launcher loads only what lies beside it and in Node", () => {
  const runners = join(import.meta.dirname, "../..");
  const files = moduleFiles(join(import.meta.dirname, "launcher-worker.ts"));
  expect(files.map((file) => relative(runners, file)).sort()).toEqual([
    "process/launcher/frames.ts",
    "process/launcher/launcher-worker.ts",
    "process/launcher/messages.ts",
    "process/launcher/program.ts",
    "process/leftovers.ts",
    "process/marker.ts",
    "process/proc.ts",
    "process/usage-sampler.ts",
    "system-code.ts",
  ]);
  expect(files.filter((file) => /^import (?!type).* from "[^.n]/m.test(readFileSync(file, "utf8")))).toEqual(
    [],
  );
});
