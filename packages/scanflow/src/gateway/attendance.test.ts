import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { errorOf } from "../runners/bench.test.support.ts";
import { attended, exited, failed, textIn } from "./attendance.test.support.ts";
import { gatewayBench, openWay, say } from "./gateway.test.support.ts";

test("what a command leaves in its checkpoint is here when its failure is told, and the attendant ends when asked", async () => {
  const { attempt, there, here, attend } = await attended({ checkpointMs: 60_000 });
  const shim = attend();
  await mkdir(join(there, "deep/er"), { recursive: true });
  await writeFile(join(there, "deep/er/state"), "first");
  await symlink("deep/er/state", join(there, "latest"));
  attempt.exited(exited);
  expect(errorOf(await attempt.done)).toMatchObject({ code: "SCANFLOW_TASK_FAILED" });
  expect(await textIn(here, "latest")).toBe("first");
  shim.child.kill("SIGTERM");
  expect(await shim.exit).toEqual({ code: 0, signal: null });
  expect(shim.output()).toBe("");
});

test("while a command runs its checkpoint comes when it has changed and rests, and not again before it changes", async () => {
  const { attempt, there, here, attend } = await attended();
  attend();
  await writeFile(join(there, "state"), "1");
  await expect.poll(() => textIn(here, "state"), { timeout: 15_000 }).toBe("1");
  const { ino } = statSync(here);
  await wait(2500);
  expect(statSync(here).ino).toBe(ino);
  await writeFile(join(there, "state"), "2");
  await expect.poll(() => textIn(here, "state"), { timeout: 15_000 }).toBe("2");
  attempt.gone(failed);
  await attempt.done;
});

test("an attendant that is started again knows what was handed in", async () => {
  const { attempt, there, here, attend } = await attended();
  const first = attend();
  await writeFile(join(there, "state"), "1");
  await expect.poll(() => textIn(here, "state"), { timeout: 15_000 }).toBe("1");
  const { ino } = statSync(here);
  first.child.kill("SIGKILL");
  await first.exit;
  attend();
  await wait(2500);
  expect(statSync(here).ino).toBe(ino);
  await writeFile(join(there, "state"), "2");
  attempt.exited(exited);
  await attempt.done;
  expect(await textIn(here, "state")).toBe("2");
});

test("asked to end, it stays for what the command writes as it ends", async () => {
  const { attempt, there, here, attend } = await attended({ checkpointMs: 60_000, graceMs: 3000 });
  const shim = attend();
  await writeFile(join(there, "state"), "before");
  await wait(1000);
  shim.child.kill("SIGTERM");
  await expect.poll(() => textIn(here, "state"), { timeout: 5000 }).toBe("before");
  await writeFile(join(there, "state"), "at its end");
  expect(await shim.exit).toEqual({ code: 0, signal: null });
  expect(await textIn(here, "state")).toBe("at its end");
  attempt.gone(failed);
  await attempt.done;
});

test("a checkpoint in which something moves all the time comes as it is at the end", async () => {
  const { attempt, there, here, attend } = await attended();
  attend();
  const writing = setInterval(() => void writeFile(join(there, "state"), String(Date.now())), 20);
  await wait(3000);
  expect(existsSync(here)).toBe(false);
  clearInterval(writing);
  await wait(100);
  await writeFile(join(there, "state"), "last");
  attempt.exited(exited);
  await attempt.done;
  expect(await textIn(here, "state")).toBe("last");
});

test("an attempt that succeeded waits for no checkpoint, and its attendant is told that it is over", async () => {
  const { bench, attempt, there, here, attend } = await attended({ checkpointMs: 60_000 });
  const shim = attend();
  await writeFile(join(there, "state"), "not needed");
  await wait(1000);
  const publish = bench.shim(["publish"], attempt.variables);
  expect(await attempt.done).toMatchObject({ kind: "succeeded" });
  expect((await publish.exit).code).toBe(0);
  expect((await shim.exit).code).toBe(0);
  expect(existsSync(here)).toBe(false);
});

test("an attempt whose outputs are refused waits for its checkpoint, too", async () => {
  const outputs = {
    model: { type: "any", path: "model", optional: false, register: null, description: "" },
  } as const;
  const { bench, attempt, there, here, attend } = await attended({ checkpointMs: 60_000 }, { outputs });
  attend();
  await writeFile(join(there, "state"), "needed");
  await wait(1000);
  bench.shim(["publish"], attempt.variables);
  expect(errorOf(await attempt.done)).toMatchObject({ code: "SCANFLOW_OUTPUT_MISSING" });
  expect(await textIn(here, "state")).toBe("needed");
});

test("a checkpoint that never comes keeps the end of its attempt waiting for a time and no longer", async () => {
  const { attempt } = await attended({ beatMs: 100 });
  const began = Date.now();
  attempt.exited(exited);
  await attempt.done;
  expect(Date.now() - began).toBeGreaterThan(500);
});

test("fetch brings what is here, and what it brought is not sent back", async () => {
  const { bench, attempt, there, here, attend } = await attended();
  await mkdir(join(here, "deep"), { recursive: true });
  await writeFile(join(here, "deep/state"), "of the first");
  await symlink("deep/state", join(here, "latest"));
  await symlink("/etc/passwd", join(here, "out"));
  const { ino } = statSync(here);
  const tmp = join(bench.site.folder, "../tmp");
  const fetch = bench.shim(["fetch"], { ...attempt.variables, TMPDIR: tmp });
  expect(await fetch.exit).toMatchObject({ code: 0 });
  expect(await textIn(there, "latest")).toBe("of the first");
  expect(readdirSync(there).sort()).toEqual(["deep", "latest"]);
  attend();
  await wait(2500);
  attempt.exited(exited);
  await attempt.done;
  expect(statSync(here).ino).toBe(ino);
});

test("an attendant goes on over the end of its owner, with the token that it has", async () => {
  const way = await openWay();
  const one = await attended();
  const { spec } = one;
  way.lead(one.bench.door.port);
  one.attend({ SCANFLOW_GATEWAY: way.url });
  await writeFile(join(one.there, "state"), "1");
  await expect.poll(() => textIn(one.here, "state"), { timeout: 15_000 }).toBe("1");
  way.lead(0);
  await writeFile(join(one.there, "state"), "2");
  const next = await gatewayBench({ checkpointMs: 200 });
  way.lead(next.door.port);
  await wait(1500);
  const bearer = one.attempt.variables.SCANFLOW_GATEWAY_TOKEN ?? "";
  const again = next.offer(
    { ...spec, workdir: `${spec.workdir}-again` },
    { runs: false, attended: true, bearer },
  );
  await expect.poll(() => textIn(one.here, "state"), { timeout: 15_000 }).toBe("2");
  await writeFile(join(one.there, "state"), "3");
  again.attempt.exited(exited);
  await again.attempt.done;
  expect(await textIn(one.here, "state")).toBe("3");
});

test("a silent command is out of time, one whose heartbeat nobody looks at for a moment is not", async () => {
  const timeout = { startMs: null, runMs: null, heartbeatMs: 1500 };
  const { bench, attempt, attend } = await attended({}, { timeout });
  const heartbeat = join(bench.site.folder, "heartbeat");
  await writeFile(heartbeat, "");
  const touching = setInterval(() => void utimes(heartbeat, new Date(), new Date()), 300);
  onTestFinished(() => clearInterval(touching));
  const first = attend();
  await wait(1000);
  attempt.started();
  let over = false;
  void attempt.done.then(() => {
    over = true;
  });
  await wait(2000);
  first.child.kill("SIGKILL");
  await first.exit;
  await wait(3000);
  expect(over).toBe(false);
  attend();
  await wait(2000);
  expect(over).toBe(false);
  clearInterval(touching);
  attempt.onStop(() => attempt.gone(failed));
  expect(errorOf(await attempt.done)).toMatchObject({ code: "SCANFLOW_TIMEOUT_HEARTBEAT" });
});

test("who attends may do that and nothing else, and nobody else may", async () => {
  const { bench, attempt } = await attended();
  const { attendToken: token, variables } = attempt;
  const url = `${bench.door.url}/scanflow/v1`;
  const body = { version: 1, folder: "/scanflow" };
  expect((await say(`${url}/attend`, { token, body })).json()).toMatchObject({
    heartbeat: "/scanflow/heartbeat",
    checkpoint: "/scanflow/checkpoint",
  });
  const claim = { version: 1, task: null, site: { folder: "/a", root: "/b" }, shim: ["node"] };
  expect(await say(`${url}/claim`, { token, body: claim })).toMatchObject({ status: 401 });
  expect(await say(`${url}/attempt/end`, { token, body: {} })).toMatchObject({ status: 401 });
  expect(await say(`${bench.door.url}/api/2.0/mlflow/runs/get`, { token, method: "GET" })).toMatchObject({
    status: 401,
  });
  const ticket = variables.SCANFLOW_GATEWAY_TOKEN;
  expect(await say(`${url}/attend`, { token: ticket, body })).toMatchObject({ status: 401 });
  for (const [path, wrong] of [
    ["attend", { version: 1, folder: "scanflow" }],
    ["attend/beat", { heartbeatMs: -1, trouble: null }],
    ["attend/beat", { heartbeatMs: null, trouble: "x".repeat(100_000) }],
  ] as const) {
    expect(await say(`${url}/${path}`, { token, body: wrong })).toMatchObject({ status: 400 });
  }
});
