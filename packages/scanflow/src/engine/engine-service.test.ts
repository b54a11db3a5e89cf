import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunEvent } from "@scanflow/core";
import { expect, onTestFinished, test } from "vitest";
import {
  go,
  heard,
  held,
  named,
  openTestEngine,
  planOf,
  statuses,
  temporaryFolder,
  testEngine,
} from "./engine.test.support.ts";
import { outliving } from "./outliving.test.support.ts";
import { trackerRunId } from "./tracker-runs.ts";

const node = process.execPath;

/** Answers with its word and the number of its attempt; dies or leaves when it is told to. */
const SERVE = `import { createServer } from "node:http";
const { SCANFLOW_HOST, SCANFLOW_PORT, SCANFLOW_ATTEMPT, WORD = "hello" } = process.env;
createServer(({ url }, answer) => {
  answer.end(WORD + " " + SCANFLOW_ATTEMPT);
  if (url === "/die") process.exit(3);
  if (url === "/leave") process.exit(0);
}).listen(Number(SCANFLOW_PORT), SCANFLOW_HOST);
`;

/** Writes what the service answers to the output that is named; given a path, tells it that and waits. */
const ASK = `import { writeFile } from "node:fs/promises";
const [path = "/", out] = process.argv.slice(2);
const answer = await fetch(process.env.SCANFLOW_SERVICE_PREDICT + path).then((one) => one.text());
if (out) await writeFile(out, answer);
`;

const predict = { kind: "service", run: [node, "serve.mjs"] };
const ask = { run: [node, "ask.mjs", "/", "{{outputs.said}}"], outputs: ["said"], after: ["predict"] };

async function write(root: string): Promise<void> {
  await writeFile(join(root, "serve.mjs"), SERVE);
  await writeFile(join(root, "ask.mjs"), ASK);
}

async function rooms() {
  const opened = await testEngine();
  await write(opened.root);
  return opened;
}

function story(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) => ("task" in event ? [`${event.task} ${event.event}`] : []));
}

test("a service is asked by what comes after it, and ends with the run, as its tracker run does", async () => {
  const { engine, tracking, run } = await rooms();
  const events = await run(planOf({ predict, ask, again: { ...ask, after: ["ask"] } }));
  expect(story(events)).toEqual([
    "predict attempt-started",
    "predict service-ready",
    "ask attempt-started",
    "ask attempt-succeeded",
    "again attempt-started",
    "again attempt-succeeded",
    "predict service-closed",
  ]);
  const [ready] = named(events, "service-ready");
  expect(ready?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  await expect(fetch(ready?.url ?? "")).rejects.toThrow("fetch failed");
  expect(named(events, "run-finished")[0]).toMatchObject({
    status: "succeeded",
    tasks: [{ name: "predict", status: "succeeded", attempts: 1 }, { name: "ask" }, { name: "again" }],
  });
  const closed = named(events, "service-closed")[0];
  const of = await tracking.getRun(trackerRunId(events[0]?.run ?? "", "predict", 1));
  expect(of.info).toMatchObject({ status: "FINISHED", endTime: closed?.time });
  expect(closed?.usage.peakMemory).toBeGreaterThan(0);
  expect(engine.activeRuns).toEqual([]);
});

test("what a service answered is taken from the cache until the service is another", async () => {
  const { run } = await rooms();
  const said = async (word: string) => {
    const events = await run(planOf({ predict: { ...predict, env: { WORD: word } }, ask }));
    const finished = named(events, "run-finished")[0]?.tasks;
    return { cached: finished?.map(({ cached }) => cached), starts: named(events, "attempt-started") };
  };
  expect((await said("yes")).cached).toEqual([false, false]);
  expect((await said("yes")).cached).toEqual([false, true]);
  const other = await said("no");
  expect(other.cached).toEqual([false, false]);
  expect(other.starts[0]?.miss.reason).toBe("service");
  expect(other.starts[1]?.miss).toEqual({ reason: "changed", changed: ["service: predict"] });
});

test("a service that dies is started anew as its retry says, and what has not asked it yet waits for it", async () => {
  const { root, engine } = await rooms();
  const plan = planOf({
    predict: { ...predict, retry: { limit: 1, delay: 0 } },
    kill: { run: `${node} ask.mjs /die; ${held}`, after: ["predict"] },
    ask: { ...ask, after: ["kill"] },
  });
  const run = await engine.start(plan);
  await heard(run, "attempt-failed", "predict");
  await go(root);
  expect(await run.rest()).toBe("finished");
  const events = await engine.journal.events(run.id);
  expect(run.status).toBe("succeeded");
  const [failed] = named(events, "attempt-failed");
  expect(failed).toMatchObject({ task: "predict", attempt: 1, error: { code: "SCANFLOW_TASK_FAILED" } });
  expect(failed?.retryAt).not.toBeNull();
  const told = story(events);
  expect(told.lastIndexOf("predict service-ready")).toBeLessThan(told.indexOf("ask attempt-started"));
  expect(named(events, "service-closed")).toMatchObject([{ attempt: 2, again: false }]);
});

test("a service that ends by itself, dead or alive, fails the run, and what has not asked it yet never starts", async () => {
  for (const [path, code] of [
    ["/die", "SCANFLOW_TASK_FAILED"],
    ["/leave", "SCANFLOW_SERVICE_ENDED"],
  ]) {
    const { root, engine } = await rooms();
    const kill = { run: `${node} ask.mjs ${path}; ${held}`, after: ["predict"] };
    const both = { ...ask, after: ["predict", "kill"] };
    const run = await engine.start(
      planOf({ predict, kill, ask: both, free: { run: "true", after: ["kill"] } }),
    );
    await heard(run, "attempt-failed", "predict");
    await go(root);
    await run.rest();
    const [failed] = named(await engine.journal.events(run.id), "attempt-failed");
    expect(failed?.error.code).toBe(code);
    expect(run.status).toBe("failed");
    expect(statuses(run)).toEqual({
      predict: "failed",
      kill: "succeeded",
      ask: "upstream-failed",
      free: "succeeded",
    });
  }
});

test("a service gives its share of the machine back once it is up", async () => {
  const { run } = await rooms();
  const resources = { cpu: 2 };
  const events = await run(
    planOf({
      predict: { ...predict, resources },
      other: { ...predict, resources, after: ["predict"] },
      ask: { ...ask, resources, after: ["other"] },
    }),
  );
  expect(named(events, "run-finished")[0]?.status).toBe("succeeded");
});

test("a paused run ends its services when nothing runs any more, and starts them anew when it goes on", async () => {
  const { root, engine } = await rooms();
  const hold = { run: held, after: ["predict"] };
  const run = await engine.start(planOf({ predict, hold, ask: { ...ask, after: ["hold"] } }));
  await heard(run, "attempt-started", "hold");
  run.send({ kind: "pause" });
  await heard(run, "run-paused");
  expect(statuses(run)).toMatchObject({ predict: "up", hold: "running" });
  await go(root);
  expect(await run.rest()).toBe("paused");
  expect(statuses(run)).toEqual({ predict: "pending", hold: "succeeded", ask: "pending" });
  await engine.resume(run.id);
  expect(await run.rest()).toBe("finished");
  const events = await engine.journal.events(run.id);
  expect(named(events, "service-closed").map(({ attempt, again }) => [attempt, again])).toEqual([
    [1, true],
    [2, false],
  ]);
  expect(run.status).toBe("succeeded");
});

test("a run that waits for a person rests though its service is up; who takes it up starts the service anew", async () => {
  const folder = await temporaryFolder();
  onTestFinished(folder.remove);
  await write(folder.path);
  const before = await openTestEngine(folder.path);
  const agree = { kind: "approval", message: "?", after: ["predict"] };
  const run = await before.engine.start(planOf({ predict, agree, ask: { ...ask, after: ["agree"] } }));
  expect(await run.rest()).toBe("waiting");
  expect(statuses(run)).toMatchObject({ predict: "up", agree: "waiting" });
  const url = named(await before.engine.journal.events(run.id), "service-ready")[0]?.url ?? "";
  expect(await (await fetch(url)).text()).toBe("hello 1");
  await before.close();
  await expect(fetch(url)).rejects.toThrow("fetch failed");
  const { engine, close } = await openTestEngine(folder.path);
  onTestFinished(close);
  const again = await engine.resume(run.id);
  expect(await again.rest()).toBe("waiting");
  again.send({ kind: "decide", task: "agree", approved: true, by: "me", comment: "" });
  expect(await again.rest()).toBe("finished");
  const events = await engine.journal.events(run.id);
  expect(named(events, "attempt-failed")).toMatchObject([
    { task: "predict", error: { code: "SCANFLOW_ATTEMPT_LOST" } },
  ]);
  expect(named(events, "service-ready")).toHaveLength(2);
  expect(again.status).toBe("succeeded");
});

test("a cancelled run ends its services", async () => {
  const { engine } = await rooms();
  const run = await engine.start(planOf({ predict, hold: { run: held, after: ["predict"] } }));
  await heard(run, "attempt-started", "hold");
  run.send({ kind: "cancel", reason: "enough" });
  await run.rest();
  const events = await engine.journal.events(run.id);
  expect(run.status).toBe("cancelled");
  expect(statuses(run)).toEqual({ predict: "cancelled", hold: "cancelled" });
  await expect(fetch(named(events, "service-ready")[0]?.url ?? "")).rejects.toThrow("fetch failed");
});

test("who runs a failed task again has the services that it asks", async () => {
  const { root, engine } = await rooms();
  const once = { ...ask, run: `test -e go && ${node} ask.mjs / {{outputs.said}}` };
  const run = await engine.start(planOf({ predict, idle: predict, ask: once }));
  await run.rest();
  expect(run.status).toBe("failed");
  await go(root);
  const again = await engine.retry(run.id, null);
  await again.rest();
  expect(again.status).toBe("succeeded");
  const after = story(await engine.journal.events(run.id)).slice(-4);
  expect(after).toEqual([
    "predict service-ready",
    "ask attempt-started",
    "ask attempt-succeeded",
    "predict service-closed",
  ]);
});

test("an online workflow stays up until it is cancelled; paused, it is down, and whoever resumes it starts it anew", async () => {
  const { engine } = await rooms();
  const run = await engine.start(planOf({ predict, ask }, { mode: "online" }));
  await heard(run, "attempt-succeeded", "ask");
  const url = async () => named(await engine.journal.events(run.id), "service-ready").at(-1)?.url ?? "";
  expect(await (await fetch(await url())).text()).toBe("hello 1");
  expect(run.status).toBe("running");
  run.send({ kind: "pause" });
  expect(await run.rest()).toBe("paused");
  await expect(fetch(await url())).rejects.toThrow("fetch failed");
  const up = heard(run, "service-ready", "predict");
  await engine.resume(run.id);
  await up;
  expect(await (await fetch(await url())).text()).toBe("hello 2");
  run.send({ kind: "cancel", reason: "enough" });
  expect(await run.rest()).toBe("finished");
  expect(run.status).toBe("cancelled");
  expect(statuses(run)).toEqual({ predict: "cancelled", ask: "succeeded" });
});

test("an online workflow whose last service died for good has failed", async () => {
  const { engine } = await rooms();
  const kill = { run: [node, "ask.mjs", "/die"], after: ["predict"] };
  const run = await engine.start(planOf({ predict, kill }, { mode: "online" }));
  await run.rest();
  expect(run.status).toBe("failed");
});

test("a service that outlives its owner is taken over as it is: no second one is started", async () => {
  const folder = await temporaryFolder();
  onTestFinished(folder.remove);
  await write(folder.path);
  const platform = outliving();
  const before = await openTestEngine(folder.path, { before: platform });
  onTestFinished(before.close);
  const run = await before.engine.start(planOf({ predict, hold: { run: held, after: ["predict"] } }));
  await heard(run, "attempt-started", "hold");
  // The first owner hears and says no more, as if it had been killed.
  const { engine, close } = await openTestEngine(folder.path, { before: platform });
  onTestFinished(close);
  const again = await engine.resume(run.id);
  expect(statuses(again)).toEqual({ predict: "up", hold: "running" });
  await go(folder.path);
  expect(await again.rest()).toBe("finished");
  expect(story(await engine.journal.events(run.id))).toEqual([
    "predict attempt-started",
    "predict service-ready",
    "hold attempt-started",
    "hold attempt-succeeded",
    "predict service-closed",
  ]);
  expect(again.status).toBe("succeeded");
});
