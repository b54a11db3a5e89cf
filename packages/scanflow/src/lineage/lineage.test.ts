import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Plan } from "@scanflow/core";
import { type Tracking, trackingRoutes } from "@scanflow/tracking";
import Fastify, { type FastifyInstance } from "fastify";
import { expect, onTestFinished, test } from "vitest";
import type { Dataset, Lineage, LineageNode } from "../api/index.ts";
import { planOf, testEngine } from "../engine/engine.test.support.ts";
import { trackerRunId } from "../engine/index.ts";
import { traceLineage } from "./index.ts";

type Rooms = Awaited<ReturnType<typeof testEngine>>;

/** Lineage of a subject, asked as the server does, with whole names. */
function lineageOf(
  { engine, tracking, artifacts, store }: Traced,
  subject: string,
  data: readonly Dataset[] = [],
): Promise<Lineage> {
  const rooms = {
    engine,
    store,
    artifacts,
    trackers: { borrow: <T>(_: string, work: (one: typeof tracking) => Promise<T>) => work(tracking) },
  };
  const names = {
    run: (run: string) => engine.journal.run(run),
    task: (scheduler: { taskState(id: string): { id: string } }, id: string) => scheduler.taskState(id).id,
    trackers: async () => [],
    data: async () => data,
  };
  return traceLineage(rooms, names, subject);
}

type Traced = Rooms & { store: Rooms["engine"]["journal"]["store"]; artifacts: ArtifactsOf };
type ArtifactsOf = Rooms["tracking"]["context"]["artifacts"];

async function opened(): Promise<Traced> {
  const rooms = await testEngine();
  return { ...rooms, store: rooms.engine.journal.store, artifacts: rooms.tracking.context.artifacts };
}

async function run(rooms: Traced, plan: Plan, options = {}): Promise<string> {
  const [created] = await rooms.run(plan, { user: "ann", ...options });
  return created?.run ?? "";
}

/** The tracker's routes, as a client reaches them. */
async function trackingServer(tracking: Tracking): Promise<FastifyInstance> {
  const app = Fastify();
  onTestFinished(() => app.close());
  await app.register(trackingRoutes(tracking));
  return app;
}

function of<Kind extends LineageNode["kind"]>({ nodes }: Lineage, kind: Kind) {
  return nodes.filter((node): node is Extract<LineageNode, { kind: Kind }> => node.kind === kind);
}

const edges = ({ edges: all }: Lineage) => all.map(({ kind, from, to }) => `${from} ${kind} ${to}`);

const CHAIN = {
  clean: {
    run: "cp {{inputs.raw}} {{outputs.rows}}",
    inputs: { raw: { file: "data.csv" } },
    outputs: { rows: "rows.csv" },
  },
  fit: {
    run: "sh fit.sh",
    code: "fit.sh",
    inputs: { rows: "clean.rows" },
    params: { rate: 0.5 },
    outputs: { model: { path: "model.bin", register: "digits" } },
  },
};

async function chain(): Promise<{ rooms: Traced; first: string }> {
  const rooms = await opened();
  await writeFile(join(rooms.root, "data.csv"), "1,2\n");
  await writeFile(join(rooms.root, "fit.sh"), 'cat "$SCANFLOW_INPUT_ROWS" "$0" > "$SCANFLOW_OUTPUT_MODEL"\n');
  return { rooms, first: await run(rooms, planOf(CHAIN)) };
}

test("a model leads back to the raw file by every artifact, task, code digest, param and person", async () => {
  const { rooms, first } = await chain();
  const lineage = await lineageOf(rooms, "models:/digits/1");
  expect(edges(lineage).map((line) => line.replaceAll(first, "RUN").replace(/@sha256:\w+/, ""))).toEqual([
    "file:data.csv used RUN/clean#1",
    "RUN/clean#1 generated RUN/clean/rows",
    "RUN/clean/rows used RUN/fit#1",
    "RUN/fit#1 generated RUN/fit/model",
    "RUN/fit/model derived models:/digits/1",
  ]);
  expect(of(lineage, "attempt")[0]).toMatchObject({
    ...{ task: "fit", user: "ann", status: "succeeded", recorded: true, params: { rate: 0.5 } },
    command: "sh fit.sh",
    code: { "fit.sh": expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
    trackerRun: trackerRunId(first, "fit", 1),
  });
  const [file] = of(lineage, "file");
  expect(file).toMatchObject({
    path: "data.csv",
    digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    size: 4,
  });
});

test("a path, an output, a digest and its beginning, and a logged path name the same artifact", async () => {
  const { rooms, first } = await chain();
  const whole = await lineageOf(rooms, `${first}/fit/model`);
  const [{ digest } = { digest: "" }] = of(whole, "artifact");
  const others = [
    `${first}/fit/model.bin`,
    digest,
    digest.slice(0, 19),
    `runs:/${trackerRunId(first, "fit", 1)}/model.bin`,
  ];
  for (const subject of others) expect(await lineageOf(rooms, subject)).toEqual(whole);
});

test("a file that the catalog knows is named there, with its owner", async () => {
  const { rooms, first } = await chain();
  const [file] = of(await lineageOf(rooms, `${first}/fit`), "file");
  const version = (digest: string) => ({
    ...{ version: 2, digest, kind: "file" as const, size: 4, files: 1, fileName: "data.csv" },
    ...{ schema: null, note: null, addedBy: "cleo", added: 0 },
  });
  const dataset = (name: string, digest: string): Dataset => ({
    ...{
      name,
      owner: "cleo",
      sensitivity: "public",
      description: null,
      told: 0,
      versions: [version(digest)],
    },
  });
  const catalog = [dataset("digits", file?.digest ?? ""), dataset("other", `sha256:${"0".repeat(64)}`)];
  const [named] = of(await lineageOf(rooms, `${first}/fit`, catalog), "file");
  expect(named?.data).toEqual([{ dataset: "digits", version: 2, owner: "cleo", sensitivity: "public" }]);
});

test("what was taken from the cache leads to the attempt that made it, and says so", async () => {
  const { rooms, first } = await chain();
  await writeFile(join(rooms.root, "fit.sh"), 'cat "$SCANFLOW_INPUT_ROWS" > "$SCANFLOW_OUTPUT_MODEL"\n');
  const second = await run(rooms, planOf(CHAIN), { user: "bob" });
  const lineage = await lineageOf(rooms, `${second}/fit`);
  expect(of(lineage, "attempt").map(({ id, user }) => [id, user])).toEqual([
    [`${second}/fit#1`, "bob"],
    [`${first}/clean#1`, "ann"],
  ]);
  expect(lineage.edges.find(({ name, kind }) => name === "rows" && kind === "used")).toMatchObject({
    from: `${first}/clean/rows`,
    cachedIn: second,
  });
});

test("of a maker whose run was removed, the run that took its outputs over knows the same work", async () => {
  const { rooms, first } = await chain();
  const second = await run(rooms, planOf(CHAIN));
  const tables = ["events", "attempts", "runs"];
  await rooms.store.write(
    tables.map((table) => ({ sql: `DELETE FROM ${table} WHERE run = ?`, params: [first] })),
  );
  const lineage = await lineageOf(rooms, `${second}/fit`);
  expect(of(lineage, "attempt")[0]).toMatchObject({
    ...{ run: first, task: "fit", recorded: false, user: null, started: null },
    params: { rate: 0.5 },
    code: { "fit.sh": expect.any(String) },
  });
  expect(of(lineage, "file").map(({ path, size }) => [path, size])).toEqual([["data.csv", 4]]);
});

test("a folder of a map leads to each item, and a choice says why its branch was taken", async () => {
  const rooms = await opened();
  const plan = planOf({
    fit: {
      map: { over: [0.1, 0.2] },
      run: `sh -c 'echo $SCANFLOW_ITEM > "$SCANFLOW_OUTPUT_MODEL"'`,
      outputs: { model: "model.txt" },
    },
    score: {
      run: `sh -c 'echo "{\\"best\\": 1}" > "$SCANFLOW_RESULT_FILE"; ls $SCANFLOW_INPUT_MODELS'`,
      inputs: { models: "fit.model" },
    },
    pick: {
      choice: [{ when: "nodes.score.result.best > 0", run: "publish" }],
    },
    publish: { run: "touch {{outputs.done}}", outputs: { done: "done" } },
  });
  const id = await run(rooms, plan);
  const lineage = await lineageOf(rooms, `${id}/publish`);
  expect(of(lineage, "decision")).toMatchObject([
    { task: "pick", what: "choice", reason: expect.stringMatching(/^branch 1 since .*best > 0 \(.* = 1\)$/) },
  ]);
  expect(of(lineage, "attempt").flatMap(({ task, item }) => [[task, item]])).toEqual([
    ["publish", undefined],
    ["score", undefined],
    ["fit[1]", 0.2],
    ["fit[0]", 0.1],
  ]);
  const folder = of(lineage, "artifact").find(({ format }) => format === "folder");
  expect(lineage.edges.filter(({ to }) => to === folder?.id)).toMatchObject([
    { kind: "derived", name: "0", from: `${id}/fit[0]/model` },
    { kind: "derived", name: "1", from: `${id}/fit[1]/model` },
  ]);
});

test("who let a task run stands in its lineage", async () => {
  const rooms = await opened();
  const plan = planOf({
    ask: { kind: "approval", message: "Go?" },
    ship: { run: "touch {{outputs.done}}", outputs: { done: "done" }, after: ["ask"] },
  });
  const active = await rooms.engine.start(plan, { user: "ann" });
  await active.rest();
  active.send({ kind: "decide", task: "ask", approved: true, by: "bob", comment: "fine" });
  await active.rest();
  const lineage = await lineageOf(rooms, `${active.id}/ship`);
  expect(of(lineage, "decision")).toMatchObject([
    { task: "ask", what: "approval", by: "bob", reason: "fine" },
  ]);
  expect(edges(lineage)).toEqual([`${active.id}/ask decided ${active.id}/ship#1`]);
});

test("a version registered by a script leads to its attempt, also from a run inside the attempt's run", async () => {
  const { rooms, first } = await chain();
  const parentRunId = trackerRunId(first, "fit", 1);
  const experimentId = await rooms.tracking.ensureExperiment("app/w");
  const runId = "ab".repeat(16);
  await rooms.tracking.startRuns([
    { runId, experimentId, name: "inner", startTime: 1, userId: "ann", tags: [], parentRunId },
  ]);
  await rooms.tracking.registerVersion({
    name: "own",
    runId,
    source: "model",
    digest: `sha256:${"0".repeat(64)}`,
  });
  const lineage = await lineageOf(rooms, "models:/own/latest");
  expect(of(lineage, "attempt").map(({ task }) => task)).toEqual(["fit", "clean"]);
  expect(of(lineage, "file").map(({ path }) => path)).toEqual(["data.csv"]);
});

test("data that a script named are inputs of its attempt", async () => {
  const { rooms, first } = await chain();
  const runId = trackerRunId(first, "fit", 1);
  const app = await trackingServer(rooms.tracking);
  const dataset = { name: "clicks", digest: "d1", source_type: "local", source: "s3://bucket/clicks" };
  const answer = await app.inject({
    ...{ method: "POST", url: "/api/2.0/mlflow/runs/log-inputs" },
    payload: { run_id: runId, datasets: [{ dataset }] },
  });
  expect(answer.statusCode).toBe(200);
  const lineage = await lineageOf(rooms, "models:/digits/1");
  expect(lineage.nodes.at(-1)).toMatchObject({
    kind: "dataset",
    name: "clicks",
    source: "s3://bucket/clicks",
  });
  expect(edges(lineage)).toContain(`dataset:clicks@d1 used ${first}/fit#1`);
});

test("a version that no workflow made leads to its script", async () => {
  const rooms = await opened();
  const experimentId = await rooms.tracking.ensureExperiment("alone");
  const runId = "cd".repeat(16);
  const tags = [
    { key: "mlflow.source.name", value: "train.py" },
    { key: "mlflow.source.git.commit", value: "abc" },
  ];
  await rooms.tracking.startRuns([{ runId, experimentId, name: "solo", startTime: 1, userId: "eve", tags }]);
  const { digest, size } = await rooms.artifacts.put(Readable.from([Buffer.from("weights")]));
  await rooms.tracking.addArtifacts(runId, [{ path: "m.bin", digest, size, kind: "file" }]);
  await rooms.tracking.registerVersion({ name: "solo", runId, source: "m.bin", digest });
  const lineage = await lineageOf(rooms, "models:/solo/1");
  expect(of(lineage, "script")).toMatchObject([
    { name: "solo", user: "eve", source: "train.py", commit: "abc" },
  ]);
  expect(of(lineage, "artifact")).toMatchObject([{ digest, size: 7 }]);
});

test.each([
  ["models:/none/1", "SCANFLOW_LINEAGE_UNKNOWN"],
  [`sha256:${"0".repeat(64)}`, "SCANFLOW_LINEAGE_UNKNOWN"],
  ["runs:/none/x", "SCANFLOW_LINEAGE_UNKNOWN"],
  ["none", "SCANFLOW_RUN_UNKNOWN"],
])("of %s nothing is known", async (subject, code) => {
  const rooms = await opened();
  await expect(lineageOf(rooms, subject)).rejects.toMatchObject({ code });
});
