import { readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { all } from "../api/all.test.support.ts";
import type { WatchMessage } from "../api/index.ts";
import { newRunId } from "../engine/index.ts";
import { connect } from "./index.ts";

import { application, finish, pairOf } from "./pair.test.support.ts";

test("a second connection becomes a client of the first, and both give the same answers", async () => {
  const { owner, other } = await pairOf(await application());
  expect(owner.owner).not.toBeNull();
  expect(other.owner).toBeNull();
  const { run } = await other.client.runs.start({ texts: { word: "salut", times: "2" }, user: "ada" });
  const heard = await finish(other.client, run);
  expect(heard.at(-1)).toMatchObject({ kind: "rest", rest: "finished" });
  expect(heard).toContainEqual({ kind: "line", task: "say", attempt: 1, line: "salut zażółć" });
  const events = heard.flatMap((message) => (message.kind === "event" ? [message.event] : []));
  expect(events.at(-1)).toMatchObject({ event: "run-finished", status: "succeeded" });
  expect(await other.client.runs.events({ run })).toEqual(events);
  for (const name of ["show", "plan", "models"] as const) {
    expect(await other.client.runs[name]({ run })).toEqual(await owner.client.runs[name]({ run }));
  }
  const detail = await other.client.runs.show({ run });
  expect(detail).toMatchObject({ status: "succeeded", user: "ada", params: { word: "salut", times: 2 } });
  expect(detail.tasks.map(({ id, last, result }) => [id, last, result])).toEqual([
    ["say", false, {}],
    ["more", true, { made: 2 }],
  ]);
});

test("the verdicts of a run are read with their evidence, of a checker that failed by it too", async () => {
  const verdict = (status: string) => ({
    status,
    kind: "age",
    message: "Too old.",
    columns: ["age"],
    evidence: { age: { status, max: 101 } },
  });
  const root = await application();
  for (const status of ["alarm", "ok"])
    await writeFile(join(root, `${status}.json`), JSON.stringify(verdict(status)));
  const yaml = `application: judged
workflows:
  main:
    nodes:
      old: { kind: checker, run: "cp alarm.json {{outputs.verdict}}", failOn: alarm, allowFailure: true }
      fine: { kind: checker, run: "cp ok.json {{outputs.verdict}}" }
      plain: { run: "true" }
`;
  await writeFile(join(root, "scanflow.yaml"), yaml);
  const { owner, other } = await pairOf(root);
  const { run } = await owner.client.runs.start({});
  await finish(owner.client, run);
  const found = await other.client.runs.verdicts({ run });
  expect(found).toEqual(await owner.client.runs.verdicts({ run }));
  expect(found).toEqual([
    { task: "old", ...verdict("alarm"), figures: [] },
    { task: "fine", ...verdict("ok"), figures: [] },
  ]);
  expect(await owner.client.runs.verdicts({ run, task: "fine" })).toEqual(found.slice(1));
  await expect(owner.client.runs.verdicts({ run, task: "fin" })).rejects.toThrow('did you mean "fine"');
});

test("a run that is asked for twice under one id is one run", async () => {
  const { owner, other } = await pairOf(await application());
  const run = newRunId(Date.now());
  await Promise.all([owner.client.runs.start({ run }), other.client.runs.start({ run })]);
  await finish(owner.client, run);
  expect(await other.client.runs.start({ run })).toMatchObject({ run });
  expect((await owner.client.runs.list({})).map((row) => row.run)).toEqual([run]);
});

test("one who watches a run that is over hears all of it at once", async () => {
  const { owner, other } = await pairOf(await application());
  const { run } = await owner.client.runs.start({});
  const live = await finish(owner.client, run);
  const late = await finish(other.client, run);
  // A line that comes while an event is being stored may stand on either side of it.
  for (const kind of ["event", "line", "rest"]) {
    const only = (heard: readonly WatchMessage[]) => heard.filter((message) => message.kind === kind);
    expect(only(late)).toEqual(only(live));
  }
});

test("a run is meant by its beginning, its end or `latest`; what means none or many says so", async () => {
  const { owner } = await pairOf(await application());
  const { runs } = owner.client;
  await expect(runs.show({ run: "latest" })).rejects.toMatchObject({ code: "SCANFLOW_RUN_UNKNOWN" });
  const first = (await runs.start({})).run;
  await finish(owner.client, first);
  const { run } = await runs.start({ cache: false });
  await finish(owner.client, run);
  for (const text of ["latest", run.slice(-6), run]) expect((await runs.show({ run: text })).run).toBe(run);
  await expect(runs.show({ run: run.slice(0, 2) })).rejects.toMatchObject({ code: "SCANFLOW_RUN_AMBIGUOUS" });
  await expect(runs.show({ run: "zzzz" })).rejects.toMatchObject({ code: "SCANFLOW_RUN_UNKNOWN" });
  await expect(runs.why({ run, task: "sey" })).rejects.toThrow('did you mean "say"');
});

test("the log is read in pages that cut no character; a cached task shows the log of the run it was taken from", async () => {
  const { owner } = await pairOf(await application());
  const { runs } = owner.client;
  const first = (await runs.start({})).run;
  await finish(owner.client, first);
  const { run } = await runs.start({});
  await finish(owner.client, run);
  let text = "";
  for (let offset = 0; ; ) {
    const page = await runs.log({ run, task: "say", offset, limit: 4 });
    expect(page.run).toBe(first);
    text += page.text;
    offset = page.nextOffset;
    if (page.end) break;
  }
  expect(text).toBe("hello zażółć\n");
  expect(await all(runs.followLog({ run, task: "say" }))).toEqual([
    { kind: "text", attempt: 0, text: "hello zażółć\n" },
  ]);
  await expect(runs.log({ run, task: "say", attempt: 3 })).rejects.toMatchObject({
    code: "SCANFLOW_LOG_MISSING",
  });
});

test("the log of an attempt that has written nothing is empty; one that was never started has none", async () => {
  const { owner } = await pairOf(await application());
  const { runs } = owner.client;
  const { run } = await runs.start({ workflow: "silent" });
  await finish(owner.client, run);
  expect(await runs.log({ run, task: "mute" })).toMatchObject({ attempt: 1, text: "", end: true });
  expect(await all(runs.followLog({ run, task: "mute" }))).toEqual([]);
  for (const place of [{ task: "mute", attempt: 2 }, { task: "never" }]) {
    await expect(runs.log({ run, ...place })).rejects.toMatchObject({ code: "SCANFLOW_LOG_MISSING" });
  }
});

test("why tells a first run, a cache hit with its origin, and a changed param", async () => {
  const { owner } = await pairOf(await application());
  const { runs } = owner.client;
  const run = async (word: string) => {
    const started = await runs.start({ params: { word } });
    await finish(owner.client, started.run);
    return runs.why({ run: started.run, task: "say" });
  };
  const first = await run("one");
  expect(first).toMatchObject({ cached: false, miss: { reason: "first-run" }, from: null });
  expect(first.parts["param: word"]).toBe('"one"');
  expect(await run("one")).toMatchObject({ cached: true, miss: null, from: { run: first.run, attempt: 1 } });
  expect(await run("two")).toMatchObject({ miss: { reason: "changed", changed: ["param: word"] } });
});

test("why of a retried task compares with the run before, also one that took it from the cache", async () => {
  const { owner } = await pairOf(await application());
  const { runs } = owner.client;
  const run = async (tries: number, mood = "good") => {
    const { run: id } = await runs.start({ workflow: "flaky", params: { tries, mood } });
    await finish(owner.client, id);
    return runs.why({ run: id, task: "try" });
  };
  const first = await run(1);
  expect(first).toMatchObject({ miss: { reason: "first-run" }, before: null, retried: null });
  expect(await run(1, "bad")).toMatchObject({ miss: { changed: ["param: mood"] }, before: first.run });
  const cached = await run(1);
  expect(cached).toMatchObject({ cached: true, miss: null, before: null });
  const fourth = await run(2);
  expect(fourth).toMatchObject({
    ...{ attempt: 2, before: cached.run, retried: { attempt: 1, changed: [] } },
    miss: { reason: "changed", changed: ["param: tries"] },
  });
});

test("an approval is answered once; who is late hears that nothing waits", async () => {
  const { owner, other } = await pairOf(await application());
  const { run } = await other.client.runs.start({ workflow: "gate" });
  expect((await finish(other.client, run)).at(-1)).toMatchObject({ kind: "rest", rest: "waiting" });
  expect((await owner.client.runs.list({})).map(({ status }) => status)).toEqual(["waiting"]);
  const { seq } = await other.client.runs.decide({ run, task: "ask", approved: true, by: "ada" });
  const heard = await all(other.client.runs.watch({ run, after: seq, lines: false }));
  expect(heard[0]).toMatchObject({ event: { event: "approval-decided", approved: true, by: "ada" } });
  expect(heard.at(-1)).toMatchObject({ rest: "finished" });
  const again = other.client.runs.decide({ run, task: "ask", approved: false, by: "bob" });
  await expect(again).rejects.toMatchObject({ code: "SCANFLOW_TASK_NOT_WAITING" });
});

test("what has ended cannot be paused, cancelled or taken up", async () => {
  const { owner } = await pairOf(await application());
  const { runs } = owner.client;
  const { run } = await runs.start({});
  await finish(owner.client, run);
  for (const name of ["pause", "cancel", "resume", "retry"] as const) {
    await expect(runs[name]({ run })).rejects.toMatchObject({ code: "SCANFLOW_RUN_ENDED" });
  }
});

test("a wrong definition, workflow or param is refused, and nothing of it is stored", async () => {
  const { owner, other } = await pairOf(await application());
  const { runs } = other.client;
  await expect(runs.start({ workflow: "pear" })).rejects.toMatchObject({ code: "SCANFLOW_WORKFLOW_UNKNOWN" });
  await expect(runs.start({ texts: { times: "many" } })).rejects.toMatchObject({
    code: "SCANFLOW_PARAM_INVALID",
  });
  const wrong = { run: "latest", task: 7 } as unknown as { run: string; task: string };
  await expect(runs.decide({ ...wrong, approved: true, by: "" })).rejects.toMatchObject({
    code: "SCANFLOW_REQUEST_INVALID",
  });
  expect(await owner.client.runs.list({})).toEqual([]);
});

test("who has no token, comes from a web page, or calls this machine by another name is refused", async () => {
  const root = await application();
  await pairOf(root);
  const file = join(root, ".scanflow", "server.json");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const { url, token } = JSON.parse(await readFile(file, "utf8"));
  const authorization = `Bearer ${token}`;
  const status = async (path: string, init: RequestInit = {}) => (await fetch(`${url}${path}`, init)).status;
  expect(await status("/api/v1/health", { headers: { authorization } })).toBe(200);
  expect(await status("/api/v1/health")).toBe(401);
  expect(await status("/api/v1/health", { headers: { authorization: `${authorization}x` } })).toBe(401);
  const page = { method: "POST", headers: { authorization, origin: "https://example.org" } };
  expect(await status("/api/v1/runs", page)).toBe(403);
  expect(await status("/api/2.0/mlflow/experiments/create", page)).toBe(403);
  expect(await hostStatus(url, "example.org")).toBe(403);
  expect(await hostStatus(url, "localhost:1")).toBe(200);
});

/** `fetch` does not let one choose the host. */
async function hostStatus(url: string, host: string): Promise<number | undefined> {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/health`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on("error", reject).end();
  });
}

test("events come as Server-Sent Events too, and go on after the last one that was heard", async () => {
  const root = await application();
  const { owner } = await pairOf(root);
  const { run } = await owner.client.runs.start({});
  await finish(owner.client, run);
  const { url, token } = JSON.parse(await readFile(join(root, ".scanflow", "server.json"), "utf8"));
  const events = await owner.client.runs.events({ run });
  const before = events.at(-2)?.seq ?? 0;
  const headers = {
    authorization: `Bearer ${token}`,
    accept: "text/event-stream",
    "last-event-id": String(before),
  };
  const response = await fetch(`${url}/api/v1/runs/${run}/watch?lines=false`, { headers });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const [finished, rest] = (await response.text()).trim().split("\n\n");
  expect(finished).toMatch(new RegExp(`^id: ${events.at(-1)?.seq}\\ndata: .*run-finished`));
  expect(rest).toContain('"rest":"finished"');
});

test("a tracker whose port is taken is refused by name; where it is free it closes after the run", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as { port: number };
  const { owner } = await pairOf(await application(port));
  const { runs } = owner.client;
  await expect(runs.start({ workflow: "own" })).rejects.toMatchObject({ code: "SCANFLOW_TRACKER_PORT" });
  await expect(runs.start({ workflow: "own" })).rejects.toThrow(`port ${port}`);
  await new Promise((resolve) => taken.close(resolve));
  const { run } = await runs.start({ workflow: "own" });
  expect((await finish(owner.client, run)).at(-1)).toMatchObject({ rest: "finished" });
  const again = await runs.start({ workflow: "own", cache: false });
  expect((await finish(owner.client, again.run)).at(-1)).toMatchObject({ rest: "finished" });
});

test("after the owner has ended its file is gone, its clients hear so, and the next one owns the folder", async () => {
  const root = await application();
  const owner = await connect(root, { listen: true });
  const other = await connect(root, { listen: false });
  await owner.close();
  await expect(stat(join(root, ".scanflow", "server.json"))).rejects.toMatchObject({ code: "ENOENT" });
  await expect(other.client.runs.list({})).rejects.toMatchObject({ code: "SCANFLOW_OWNER_CLOSING" });
  const next = await connect(root, { listen: false });
  expect(next.owner).not.toBeNull();
  await next.close();
});

test("an owner that answers nobody is named with its process", async () => {
  const root = await application();
  const owner = await connect(root, { listen: false });
  onTestFinished(() => owner.close());
  const asked = connect(root, { listen: false, patienceMs: 100 });
  await expect(asked).rejects.toMatchObject({ code: "SCANFLOW_OWNER_UNREACHABLE" });
  await expect(connect(root, { listen: false, patienceMs: 100 })).rejects.toThrow(`Process ${process.pid}`);
});
