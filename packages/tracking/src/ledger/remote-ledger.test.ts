import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fastify } from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { openArtifactStore } from "../artifacts/index.ts";
import { openTrackingServer, remoteLedger, withAccess, withTracking } from "../server/index.ts";
import { onPostgres, testLocation } from "../store/test-location.support.ts";
import { ledgerRoutes } from "./ledger-routes.ts";
import type { LedgerTracking } from "./ledger-tracking.ts";

async function place() {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-ledger-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const artifacts = join(folder, "artifacts");
  const location = await testLocation();
  const store = onPostgres ? location : `sqlite:///${location}`;
  return { store, artifacts, folder };
}

async function serve(at: Awaited<ReturnType<typeof place>>, port = 0) {
  const server = await openTrackingServer({ ...at, port });
  onTestFinished(() => server.close());
  return server;
}

/** What an engine writes of a small run. */
async function writeRun(tracker: LedgerTracking, digest: string): Promise<void> {
  const experimentId = await tracker.ensureExperiment("digits", [{ key: "kind", value: "test" }]);
  const start = { experimentId, startTime: 1000, userId: "ada" };
  await Promise.all([
    tracker.startRuns([{ runId: "first", name: "first", ...start }]),
    tracker.endRuns([{ runId: "first", status: "FAILED", endTime: 1500 }]),
    tracker.startRuns([
      { runId: "outer", name: "digits", ...start },
      { runId: "inner", name: "fit", parentRunId: "outer", params: [{ key: "seed", value: "42" }], ...start },
    ]),
  ]);
  await Promise.all([
    tracker.keepParams({ runId: "inner", params: [{ key: "rate", value: "0.1" }] }),
    tracker.logBatch("inner", {
      metrics: [
        { key: "loss", value: Number.NaN, step: 1, timestampMs: 5 },
        { key: "accuracy", value: 0.97, step: 0, timestampMs: 5 },
        { key: "most", value: Number.POSITIVE_INFINITY, step: 0, timestampMs: 5 },
      ],
      tags: [{ key: "note", value: "é" }],
    }),
    tracker.endRuns([{ runId: "inner", status: "FINISHED", endTime: 2000 }]),
  ]);
  await tracker.copyParams([{ runId: "outer", from: "inner" }]);
  await tracker.addArtifacts("inner", [{ path: "model.json", digest, size: 2, kind: "file" }]);
  await tracker.registerVersion({ runId: "inner", name: "digits", source: "model.json", digest });
}

test("a run's rows through a URL are those that the tracker in the process would have, sent twice or once", async () => {
  const remote = await place();
  const local = await place();
  const digests = await Promise.all(
    [remote, local].map(async ({ artifacts }) => {
      const store = await openArtifactStore({ root: artifacts });
      const { digest } = await store.put(Readable.from([Buffer.from("{}")]));
      await store.close();
      return digest;
    }),
  );
  const [digest = ""] = digests;
  const server = await serve(remote);
  const tracker = remoteLedger({ url: server.url });
  await writeRun(tracker, digest);
  await writeRun(tracker, digest);
  expect(await tracker.versionsOfRuns(["inner"])).toEqual([{ runId: "inner", name: "digits", version: 1 }]);
  const metrics = await tracker.latestMetrics(["inner", "outer"]);
  expect(metrics.get("inner")).toEqual({ loss: Number.NaN, accuracy: 0.97, most: Number.MAX_VALUE });
  await server.close();
  await withTracking(local, (tracking) => writeRun(tracking, digest));
  const rows = (at: typeof remote) =>
    withTracking(at, async (tracking) => ({
      runs: await Promise.all(["first", "outer", "inner"].map((id) => tracking.getRun(id))),
      files: await tracking.filesOfRun("inner", ""),
    }));
  expect(await rows(remote)).toEqual(await rows(local));
});

test("a tracker that is down for a while is waited for, and nothing is lost", async () => {
  const at = await place();
  const first = await serve(at);
  const port = Number(new URL(first.url).port);
  const tracker = remoteLedger({ url: first.url });
  const experimentId = await tracker.ensureExperiment("digits");
  await first.close();
  const starting = tracker.startRuns([{ runId: "late", name: "late", experimentId, startTime: 1 }]);
  const second = await openTrackingServer({ ...at, port });
  await starting;
  expect(await tracker.latestMetrics(["late"])).toEqual(new Map([["late", {}]]));
  await second.close();
  await withTracking(at, async (tracking) => expect((await tracking.getRun("late")).info.name).toBe("late"));
});

/** A server that answers every call with null, but for requests that it keeps to itself. */
async function answering({ swallowed = 0 } = {}) {
  const sizes: number[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    sizes.push(body.length);
    if (sizes.length <= swallowed) return;
    const results = JSON.parse(body).calls.map(() => ({ value: null }));
    response.end(JSON.stringify({ results }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sizes };
}

test("more calls than one request takes are all carried out, in their order", async () => {
  const server = await serve(await place());
  const tracker = remoteLedger({ url: server.url });
  const experimentId = await tracker.ensureExperiment("digits");
  await tracker.startRuns([{ runId: "one", name: "one", experimentId, startTime: 1 }]);
  const logged = Array.from({ length: 1500 }, (_, step) =>
    tracker.logBatch("one", { metrics: [{ key: "loss", value: step, step, timestampMs: step }] }),
  );
  await Promise.all(logged);
  expect(await tracker.latestMetrics(["one"])).toEqual(new Map([["one", { loss: 1499 }]]));
});

test("calls that are large together travel in several requests", async () => {
  const { url, sizes } = await answering();
  const tracker = remoteLedger({ url });
  const value = "x".repeat(6 * 1024 * 1024);
  const logged = ["a", "b", "c", "d"].map((key) => tracker.logBatch("one", { tags: [{ key, value }] }));
  await Promise.all(logged);
  expect(sizes).toHaveLength(2);
});

test("a request that is never answered is sent again", async () => {
  const { url, sizes } = await answering({ swallowed: 1 });
  const tracker = remoteLedger({ url, patienceMs: 1000 });
  await tracker.endRuns([{ runId: "one", status: "FINISHED", endTime: 1 }]);
  expect(sizes).toHaveLength(2);
});

test("a tracker whose database is away for a moment is asked again", async () => {
  const at = await place();
  await withTracking(at, async (tracking) => {
    const experimentId = await tracking.ensureExperiment("digits");
    let failed = 0;
    const away = Object.assign(new Error("the database is away"), { code: "SCANFLOW_STORE_UNREACHABLE" });
    const shaky = new Proxy(tracking, {
      get(target, name) {
        const own = Reflect.get(target, name);
        if (name !== "startRuns") return typeof own === "function" ? own.bind(target) : own;
        return (starts: never) => (failed++ === 0 ? Promise.reject(away) : target.startRuns(starts));
      },
    });
    const app = fastify();
    onTestFinished(() => app.close());
    await app.register(ledgerRoutes(shaky), { prefix: "/api/2.0/scanflow" });
    const tracker = remoteLedger({ url: await app.listen({ host: "127.0.0.1", port: 0 }) });
    await tracker.startRuns([{ runId: "one", name: "one", experimentId, startTime: 1 }]);
    expect(failed).toBe(2);
    expect((await tracking.getRun("one")).info.name).toBe("one");
  });
});

test("what this tracker does not hold is not linked", async () => {
  const server = await serve(await place());
  const tracker = remoteLedger({ url: server.url });
  const experimentId = await tracker.ensureExperiment("digits");
  await tracker.startRuns([{ runId: "one", name: "one", experimentId, startTime: 1 }]);
  const digest = `sha256:${"0".repeat(64)}`;
  await expect(
    tracker.addArtifacts("one", [{ path: "m", digest, size: 1, kind: "file" }]),
  ).rejects.toMatchObject({
    code: "SCANFLOW_TRACKING_MISSING",
    message: expect.stringContaining("--artifacts"),
  });
});

test("of calls of one tick each has its own end", async () => {
  const server = await serve(await place());
  const tracker = remoteLedger({ url: server.url });
  const [good, bad] = await Promise.allSettled([
    tracker.ensureExperiment("digits"),
    tracker.logBatch("nobody", { metrics: [] }),
  ]);
  expect(good).toMatchObject({ status: "fulfilled" });
  expect(bad).toMatchObject({ status: "rejected", reason: { code: "SCANFLOW_TRACKING_MISSING" } });
});

test("a tracker with users asks for the token of an admin, and the message does not show it", async () => {
  const at = await place();
  const [admin, editor] = await withAccess(at, async (access) => {
    await access.addUser({ name: "ada", role: "admin" });
    await access.addUser({ name: "eda", role: "editor" });
    return [await access.addToken({ user: "ada" }), await access.addToken({ user: "eda" })] as const;
  });
  const server = await serve(at);
  for (const [token, code] of [
    [undefined, "SCANFLOW_TRACKING_UNAUTHENTICATED"],
    ["wrong", "SCANFLOW_TRACKING_UNAUTHENTICATED"],
    [editor.token, "SCANFLOW_TRACKING_DENIED"],
  ] as const) {
    const tracker = remoteLedger({ url: server.url, token });
    const refused = await tracker.ensureExperiment("digits").catch((error: unknown) => error);
    expect(refused).toMatchObject({ code });
    if (token) expect(String(refused)).not.toContain(token);
  }
  const tracker = remoteLedger({ url: server.url, token: admin.token });
  expect(await tracker.ensureExperiment("digits")).toMatch(/^\d+$/);
});

test.each([
  ["no JSON", "{", 400],
  ["no calls", '{"calls":[]}', 400],
  ["an unknown method", '{"calls":[{"method":"purgeEverything"}]}', 400],
  ["a wrong type", '{"calls":[{"method":"startRuns","starts":"all"}]}', 400],
  [
    "a wrong digest",
    '{"calls":[{"method":"registerVersion","runId":"a","name":"m","source":"x","digest":"../x"}]}',
    400,
  ],
])("%s is refused with what is wrong", async (_name, body, status) => {
  const server = await serve(await place());
  const response = await fetch(`${server.url}/api/2.0/scanflow/ledger`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({
    error_code: expect.any(String),
    message: expect.any(String),
  });
});

test("what answers and is no tracker is said at once, what never answers after the patience", async () => {
  const other = createServer((_request, response) => response.writeHead(404).end("nobody here"));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  const asked = remoteLedger({ url: `http://user:secret@127.0.0.1:${port}` }).ensureExperiment("digits");
  await expect(asked).rejects.toThrow(`http://127.0.0.1:${port} (status 404) is no tracker of Scanflow`);
  await new Promise((resolve) => other.close(resolve));
  const nobody = remoteLedger({ url: `http://127.0.0.1:${port}`, patienceMs: 0 }).ensureExperiment("digits");
  await expect(nobody).rejects.toMatchObject({ code: "SCANFLOW_SERVER_UNREACHABLE" });
});
