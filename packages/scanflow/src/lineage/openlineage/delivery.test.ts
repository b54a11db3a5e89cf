import { readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import {
  openTestEngine,
  planOf,
  type TestEngine,
  temporaryFolder,
  testEngine,
} from "../../engine/engine.test.support.ts";
import { OpenLineageDelivery } from "./delivery.ts";
import { type SpecEvent, said, specEvent } from "./spec.test.support.ts";
import type { Target } from "./target.ts";

type Rooms = TestEngine & { readonly root: string };

const CHAIN = {
  clean: {
    run: "cp {{inputs.raw}} {{outputs.rows}}",
    inputs: { raw: { file: "data.csv" } },
    outputs: { rows: "rows.csv" },
  },
  fit: {
    run: "cp {{inputs.rows}} {{outputs.model}}",
    inputs: { rows: "clean.rows" },
    params: { rate: 0.5 },
    outputs: { model: { path: "m.bin", register: "digits" } },
  },
};

async function opened(): Promise<Rooms> {
  const rooms = await testEngine();
  await writeFile(join(rooms.root, "data.csv"), "1,2\n");
  return rooms;
}

async function delivery({ engine, tracking, root }: Rooms, target: Target) {
  const notices: string[] = [];
  const opened = await OpenLineageDelivery.open({
    ...{ engine, target, root, version: "1.2.3", namespace: null, waitsMs: [] },
    artifacts: tracking.context.artifacts,
    notice: (notice) => notices.push(notice),
  });
  return { delivery: opened, notices };
}

/** Runs to rest while a delivery follows, then ends the delivery as the end of a command does. */
async function delivered(rooms: Rooms, target: Target, nodes: Record<string, unknown> = CHAIN) {
  const { delivery: following, notices } = await delivery(rooms, target);
  const run = await rooms.engine.start(planOf(nodes), { user: "ann" });
  following.follow(run);
  await run.rest();
  await following.close();
  return { notices, run: run.id, status: run.status };
}

async function lines(path: string): Promise<SpecEvent[]> {
  const content = await readFile(path, "utf8");
  return content
    .trimEnd()
    .split("\n")
    .map((line) => specEvent.parse(JSON.parse(line)));
}

/** A receiver that answers each event with what `answer` says. */
async function receiver(answer: (event: SpecEvent) => number) {
  const taken: SpecEvent[] = [];
  const heads: IncomingMessage["headers"][] = [];
  const server = createServer(async (request, response) => {
    const event = specEvent.parse(JSON.parse(await text(request)));
    const status = answer(event);
    heads.push(request.headers);
    if (status < 300) taken.push(event);
    response.writeHead(status, status === 302 ? { location: "/elsewhere" } : {}).end("said no");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const target: Target = { kind: "http", url: `http://127.0.0.1:${port}/api/v1/lineage`, key: "secret" };
  return { target, taken, heads };
}

const WHOLE = ["START w", "START w.clean", "COMPLETE w.clean", "START w.fit", "COMPLETE w.fit", "COMPLETE w"];

test("a run is told in events of the specification, each with what it reads, writes and belongs to", async () => {
  const rooms = await opened();
  const path = join(rooms.root, "events.jsonl");
  expect((await delivered(rooms, { kind: "file", path })).notices).toEqual([]);
  const events = await lines(path);
  expect(events.map(said)).toEqual(WHOLE);
  const [workflow, clean, , , fit] = events;
  expect(clean?.inputs).toMatchObject([{ namespace: "file", name: join(rooms.root, "data.csv") }]);
  expect(fit?.inputs).toMatchObject([{ namespace: "app", name: "w.clean.rows" }]);
  expect(fit?.outputs.map(({ name }) => name)).toEqual(["w.fit.model", "models:/digits"]);
  expect(fit?.run.facets.parent?.run).toEqual({ runId: workflow?.run.runId });
  expect(fit?.run.facets.scanflow_task).toMatchObject({ user: "ann", params: { rate: 0.5 }, attempt: 1 });
});

test("a failed attempt is a FAIL with its error, and what came from the cache says from where", async () => {
  const rooms = await opened();
  const path = join(rooms.root, "events.jsonl");
  const nodes = { clean: CHAIN.clean, fit: { run: "false", inputs: { rows: "clean.rows" } } };
  const { run } = await delivered(rooms, { kind: "file", path }, { clean: CHAIN.clean });
  await delivered(rooms, { kind: "file", path }, nodes);
  const events = (await lines(path)).slice(4);
  expect(events.map(said)).toEqual([
    "START w",
    "START w.clean",
    "COMPLETE w.clean",
    "START w.fit",
    "FAIL w.fit",
    "FAIL w",
  ]);
  expect(events[2]?.run.facets.scanflow_task).toMatchObject({
    cachedFrom: { run, task: "clean", attempt: 1 },
  });
  expect(events[2]?.inputs[0]?.facets.version?.datasetVersion).toMatch(/^sha256:/);
  expect(events[4]?.run.facets.errorMessage?.message).toContain("SCANFLOW_TASK_FAILED");
});

test("a nested workflow is a run between its tasks and the workflow", async () => {
  const rooms = await opened();
  const path = join(rooms.root, "events.jsonl");
  const { planWorkflow, requireApplication } = await import("@scanflow/core");
  const inner = { nodes: { fit: { run: "true" } } };
  const workflows = { inner, main: { nodes: { train: { workflow: "inner" } } } };
  const plan = planWorkflow(requireApplication({ application: "app", main: "main", workflows }));
  const { delivery: following } = await delivery(rooms, { kind: "file", path });
  const run = await rooms.engine.start(plan);
  following.follow(run);
  await run.rest();
  await following.close();
  const events = await lines(path);
  expect(events.map(said)).toEqual([
    "START main",
    "START main.train",
    "START main.train/fit",
    "COMPLETE main.train/fit",
    "COMPLETE main.train",
    "COMPLETE main",
  ]);
  const [main, train, fit] = events;
  expect(fit?.run.facets.parent).toMatchObject({
    run: { runId: train?.run.runId },
    root: { run: { runId: main?.run.runId } },
  });
  expect(train?.run.facets.parent?.run).toEqual({ runId: main?.run.runId });
});

test("a receiver that is away holds up no run, is named once, and gets later all that it missed", async () => {
  const rooms = await opened();
  let status = 503;
  const { target, taken, heads } = await receiver(() => status);
  const first = await delivered(rooms, target);
  expect(first.status).toBe("succeeded");
  expect(first.notices).toEqual([expect.stringMatching(/not taken by .*it answered 503: said no/)]);
  status = 201;
  const second = await delivered(rooms, target, { other: { run: "true" } });
  expect(second.notices).toEqual([]);
  expect(taken.map(said)).toEqual([...WHOLE, "START w", "START w.other", "COMPLETE w.other", "COMPLETE w"]);
  expect(heads.every(({ authorization }) => authorization === "Bearer secret")).toBe(true);
});

test("an event that is refused is left out, and said once; those behind it are sent", async () => {
  const rooms = await opened();
  const { target, taken } = await receiver(({ job }) => (job.name === "w.clean" ? 422 : 200));
  const { notices } = await delivered(rooms, target);
  expect(taken.map(said)).toEqual(["START w", "START w.fit", "COMPLETE w.fit", "COMPLETE w"]);
  expect(notices).toEqual([
    expect.stringMatching(/START of w\.clean.* was refused .*422/),
    expect.stringMatching(/^2 OpenLineage events in all were refused/),
  ]);
});

test("a redirection is not followed: the key goes nowhere else", async () => {
  const rooms = await opened();
  const { target, taken, heads } = await receiver(() => 302);
  const { notices } = await delivered(rooms, target);
  expect([taken.length, heads.length]).toEqual([0, 1]);
  expect(notices).toEqual([expect.stringContaining("302")]);
});

test("a target that is new hears of what comes, not of what was", async () => {
  const rooms = await opened();
  await rooms.run(planOf(CHAIN));
  const path = join(rooms.root, "events.jsonl");
  await delivered(rooms, { kind: "file", path }, { other: { run: "true" } });
  expect((await lines(path)).map(said)).toEqual([
    "START w",
    "START w.other",
    "COMPLETE w.other",
    "COMPLETE w",
  ]);
});

test("after the newest runs were dropped, the next is told from its beginning", async () => {
  const folder = await temporaryFolder();
  onTestFinished(folder.remove);
  const path = join(folder.path, "events.jsonl");
  const nodes = { only: { run: "true" } };
  const session = async (work: (rooms: Rooms) => Promise<unknown>) => {
    const rooms = { ...(await openTestEngine(folder.path)), root: folder.path };
    await work(rooms).finally(rooms.close);
  };
  await session(async (rooms) => {
    const { run } = await delivered(rooms, { kind: "file", path }, nodes);
    const tables = ["events", "runs"];
    await rooms.engine.journal.store.write(
      tables.map((table) => ({ sql: `DELETE FROM ${table} WHERE run = ?`, params: [run] })),
    );
  });
  await session((rooms) => delivered(rooms, { kind: "file", path }, { again: { run: "true" } }));
  expect((await lines(path)).slice(4).map(said)).toEqual([
    "START w",
    "START w.again",
    "COMPLETE w.again",
    "COMPLETE w",
  ]);
});

test("a file that cannot be written is a notice, and no failure", async () => {
  const rooms = await opened();
  const { notices, status } = await delivered(rooms, {
    kind: "file",
    path: join(rooms.root, "none/e.jsonl"),
  });
  expect(status).toBe("succeeded");
  expect(notices).toEqual([expect.stringContaining("ENOENT")]);
});
