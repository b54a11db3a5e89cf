import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { errorOf, openBench } from "../bench.test.support.ts";
import { smallDisk } from "../small-disk.test.support.ts";

const shell = (line: string) => ({ kind: "command" as const, command: ["sh", "-c", line] });
const mebibyte = 1024 * 1024;

test("a flood is cut with a line that says so, and its end is kept", async () => {
  const bench = await openBench({ logLimit: 4 * mebibyte });
  let lines = 0;
  const attempt = bench.start(
    { command: shell("echo first; yes 'a line of the flood' | head -c 104857600; echo; echo last; exit 3") },
    { line: () => (lines += 1) },
  );
  const before = process.memoryUsage().rss;
  const { message } = errorOf(await attempt.done);
  expect(process.memoryUsage().rss - before).toBeLessThan(300 * mebibyte);
  expect(statSync(attempt.spec.log).size).toBeLessThan(4.1 * mebibyte);
  const log = readFileSync(attempt.spec.log, "utf8");
  expect(log).toMatch(/^first\na line of the flood\n/);
  expect(log).toMatch(/\[scanflow\] the log is full \(4194304 bytes\)/);
  expect(log).toMatch(/\[scanflow\] … \d+ bytes of output were left out …\na line of the flood\n/);
  expect(log).toMatch(/a line of the flood\n(.*\n)?last\n$/);
  expect(message).toContain("last");
  expect(lines).toBeLessThan(200_000);
});

test("secrets are hidden in a flood, too, and in lines without end", async () => {
  const environment = { ...process.env, KEY: "s3cr3t" };
  const bench = await openBench({ logLimit: 2 * mebibyte, environment });
  const attempt = bench.start({
    command: shell(`yes "x s3cr3t y" | tr -d '\\n' | head -c 20000000`),
    secrets: ["KEY"],
  });
  expect((await attempt.done).kind).toBe("succeeded");
  const log = readFileSync(attempt.spec.log, "utf8");
  expect(log).not.toContain("s3cr3t");
  expect(log).toContain("x *** yx *** y");
  expect(Math.max(...attempt.lines.map((line) => line.length))).toBeLessThan(256 * 1024);
});

test("both streams are kept by whole lines", async () => {
  const bench = await openBench();
  const attempt = bench.start({
    command: shell(
      "for i in 1 2 3; do printf 'out '; printf 'err ' >&2; echo $i; echo $i >&2; done; printf end",
    ),
  });
  await attempt.done;
  expect([...attempt.lines].sort()).toEqual(["end", "err 1", "err 2", "err 3", "out 1", "out 2", "out 3"]);
  expect(readFileSync(attempt.spec.log, "utf8")).toBe(`${attempt.lines.join("\n")}\n`);
});

test("a silent attempt leaves no log", async () => {
  const bench = await openBench();
  const attempt = bench.start({});
  expect((await attempt.done).kind).toBe("succeeded");
  expect(statSync(attempt.spec.log, { throwIfNoEntry: false })).toBeUndefined();
});

test("a disk that fills up ends the attempt with its reason, not the engine", async ({ skip }) => {
  const disk = await smallDisk(256);
  if (disk === undefined) return skip("mounting needs root");
  const bench = await openBench();
  const flood = bench.start({ command: shell("yes; sleep 600"), log: join(disk, "a.log") });
  expect(errorOf(await flood.done)).toMatchObject({ code: "SCANFLOW_STORAGE_FULL", retryable: true });
  expect(errorOf(await flood.done).message).toMatch(/scanflow gc/);

  const workdir = join(disk, "work/t.1");
  const params = { large: "x".repeat(400_000) };
  expect(errorOf(await bench.start({ workdir, params }).done).code).toBe("SCANFLOW_STORAGE_FULL");
  expect(readdirSync(join(disk, "work"))).toEqual([]);
  const other = await bench.start({ command: shell("echo fine") }).done;
  expect(other.kind).toBe("succeeded");
});
