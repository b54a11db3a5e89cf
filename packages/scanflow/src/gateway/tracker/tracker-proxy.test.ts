import { once } from "node:events";
import { createServer, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { openTracking, trackingMigrations, trackingRoutes } from "@scanflow/tracking";
import { openStore } from "@scanflow/tracking/store";
import { fastify } from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { gatewayBench, say } from "../gateway.test.support.ts";

const api = "/api/2.0/mlflow";
const files = "/api/2.0/mlflow-artifacts/artifacts";

/** A real tracker with two runs in each of two experiments, and a door with a pass for the first of them. */
async function bench({ trackerToken }: { trackerToken?: string } = {}) {
  const gateway = await gatewayBench();
  const { artifacts } = gateway;
  const store = await openStore({
    location: join(gateway.root, "tracking.db"),
    migrations: trackingMigrations,
  });
  const tracking = await openTracking({ store, artifacts });
  const app = fastify({ forceCloseConnections: true });
  const asked: string[] = [];
  app.addHook("onRequest", async ({ method, url, headers }) => {
    asked.push(`${method} ${url} ${headers.authorization ?? ""}${headers["x-evil"] ?? ""}`);
  });
  app.addHook("onRequest", async ({ headers }, reply) => {
    if (trackerToken !== undefined && headers.authorization !== `Bearer ${trackerToken}`)
      return reply.status(401).send({});
  });
  await app.register(trackingRoutes(tracking));
  const uri = await app.listen({ host: "127.0.0.1", port: 0 });
  onTestFinished(async () => {
    await app.close();
    await store.close();
  });
  const own = await tracking.ensureExperiment("own");
  const other = await tracking.ensureExperiment("other");
  const startTime = Date.now();
  await tracking.startRuns([
    { runId: "mine", experimentId: own, name: "mine", startTime },
    { runId: "sister", experimentId: own, name: "sister", startTime },
    { runId: "foreign", experimentId: other, name: "foreign", startTime },
  ]);
  const asOwner = trackerToken === undefined ? {} : { token: trackerToken };
  const spec = gateway.spec({ tracking: { uri, experimentId: own, runId: "mine", ...asOwner } });
  const pass = gateway.door.admit(spec);
  const { token } = pass;
  const ask = (path: string, body?: unknown, method = body === undefined ? "GET" : "POST") =>
    say(`${gateway.door.url}${path}`, { token, method, ...(body !== undefined && { body }) });
  return { door: gateway.door, pass, own, other, asked, ask, tracking, uri };
}

test("an attempt logs to its own run, and to runs that it begins below it", async () => {
  const { ask, own, pass, asked } = await bench();
  expect(
    (await ask(`${api}/runs/log-metric`, { run_id: "mine", key: "a", value: 1, timestamp: 1 })).status,
  ).toBe(200);
  const child = (await ask(`${api}/runs/create`, { experiment_id: own, run_name: "child" })).json().run;
  expect(child.data.tags).toContainEqual({ key: "mlflow.parentRunId", value: "mine" });
  const id = child.info.run_id;
  expect((await ask(`${api}/runs/set-tag`, { run_id: id, key: "k", value: "v" })).status).toBe(200);
  expect((await ask(`${api}/runs/get?run_id=${id}`)).json().run.info.run_id).toBe(id);
  expect((await ask(`${files}/${own}/${id}/artifacts/n%C3%BC%20x.txt`, "text", "PUT")).status).toBe(200);
  expect((await ask(`${files}/${own}/${id}/artifacts/n%C3%BC%20x.txt`)).text).toBe("text");
  expect((await ask(`${api}/runs/search`, { experiment_ids: [own] })).json().runs).toHaveLength(3);
  expect(asked.join("\n")).not.toContain(pass.token);
});

test("what is another's, or nobody's to change, is refused with a code, and the tracker is not asked", async () => {
  const { ask, own, other, asked } = await bench();
  const before = asked.length;
  const forbidden: [string, unknown?, string?][] = [
    [`${api}/runs/log-metric`, { run_id: "sister", key: "a", value: 1 }],
    [`${api}/runs/log-batch`, { run_id: "mine", run_uuid: "foreign", metrics: [] }],
    [`${api}/runs/set-tag`, { run_id: ["mine"], key: "a", value: "b" }],
    [`${api}/runs/delete`, { run_id: "mine" }],
    [`${api}/runs/create`, { experiment_id: other }],
    [`${api}/runs/get?run_id=foreign`],
    [`${api}/runs/get?run_id=mine&run_id=foreign`],
    [`${api}/runs/search`, { experiment_ids: [own, other] }],
    [`${api}/runs/search`, {}],
    [`${api}/metrics/get-history-bulk?run_ids=mine&run_ids=foreign&metric_key=a`],
    [`${api}/metrics/get-history-bulk?run_ids=mine&run_id=foreign&metric_key=a`],
    [`${api}/metrics/get-history-bulk-interval?run_id=mine&run_ids=foreign&metric_key=a`],
    [`${api}/runs/log-metric`, { run_id: "mine", key: "a", value: 1, timestamp: 1, model_id: "m-other" }],
    [
      `${api}/runs/log-batch`,
      { run_id: "mine", metrics: [{ key: "a", value: 1, timestamp: 1, model_id: "m-other" }] },
    ],
    [`${api}/runs/outputs`, { run_id: "mine", models: [{ model_id: "m-other", step: 0 }] }],
    [`${api}/experiments/get?experiment_id=${other}`],
    [`${api}/experiments/create`, { name: "new" }],
    [`${api}/experiments/delete`, { experiment_id: own }],
    [`${api}/experiments/set-experiment-tag`, { experiment_id: own, key: "a", value: "b" }],
    [
      `${api}/model-versions/create`,
      { name: "m", source: `mlflow-artifacts:/${own}/sister/artifacts/model` },
    ],
    [
      `${api}/model-versions/create`,
      { name: "m", source: `mlflow-artifacts:/${own}/mine/../sister/artifacts` },
    ],
    [`${api}/model-versions/create`, { name: "m", source: "file:///etc" }],
    [`${api}/model-versions/delete`, { name: "m", version: "1" }, "DELETE"],
    [`${api}/registered-models/delete`, { name: "m" }, "DELETE"],
    [`${api}/registered-models/alias`, { name: "m", alias: "champion", version: "1" }],
    [`${api}/webhooks`],
    [`/api/2.0/scanflow/purge`, {}],
    [`/api/2.0/scanflow/ledger`, {}],
    [`/graphql`, { query: "{}" }],
    [`/get-artifact?run_id=foreign&path=x`],
    [`${files}/${other}/foreign/artifacts/x`],
    [`${files}/${own}/sister/artifacts/x`, "text", "PUT"],
    [`${files}/${own}/mine/artifacts/x`, {}, "PATCH"],
    [`/api/runs`],
    ["/"],
  ];
  for (const [path, body, method] of forbidden) {
    const answer = await ask(path, body, method);
    expect([path, answer.status, answer.json().error_code]).toEqual([
      path,
      403,
      "SCANFLOW_GATEWAY_FORBIDDEN",
    ]);
  }
  expect(asked.length).toBe(before);
  expect((await ask(`${api}/experiments/get-by-name?experiment_name=other`)).status).toBe(403);
});

test("no writing of a path or a field leads past the policy", async () => {
  const { door, pass, own, other, asked } = await bench();
  const before = asked.length;
  // As they are: no client of ours puts them in order first.
  const raw = (path: string, body?: string) =>
    new Promise<number>((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${pass.token}`,
        "x-evil": "smuggled",
        ...(body !== undefined && { "content-type": "application/json" }),
      };
      const sent = request(
        `${door.url}`,
        { path, method: body === undefined ? "GET" : "POST", headers },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        },
      );
      sent.on("error", reject).end(body);
    });
  const paths = [
    `${files}/${own}/../${other}/foreign/artifacts/x`,
    `${files}/${own}/mine/%2e%2e/%2e%2e/${other}/x`,
    `${files}/${own}%2f..%2f${other}/x`,
    `${files}/${own}/mine/%252e%252e/x`,
    `${files}/${own}/mine/artifacts/a%5c..%5cb`,
    `${files}/${own}/mine/artifacts/a%00b`,
    `${files}/${own}/mine/artifacts/%E0%A4%A`,
    `/api/2.0/mlflow/../scanflow/purge`,
    `/api/2.0/mlflow/runs%2Fget?run_id=foreign`,
    `/api/2.0/mlflow/runs/get/../../experiments/get?experiment_id=${other}`,
    `//api/2.0/mlflow/runs/get?run_id=foreign`,
  ];
  for (const path of paths)
    expect([path, await raw(path)]).toEqual([path, expect.toSatisfy((code) => code >= 400 && code < 500)]);
  const bodies = [
    '{"runId":"foreign","run_id":"mine","key":"a","value":1}',
    '{"run_id":"mine","run_id":"foreign","key":"a","value":1}',
    '"{\\"run_id\\":\\"mine\\"}"',
    "[]",
    "{",
    '{"__proto__":{"run_id":"foreign"},"key":"a"}',
    '{"run_id":"mine","metrics":[{"key":"a","value":1,"timestamp":1,"modelId":"m-other"}]}',
  ];
  for (const body of bodies) {
    expect([body, await raw(`${api}/runs/log-metric`, body)]).toEqual([
      body,
      expect.toSatisfy((code) => code === 400 || code === 403),
    ]);
  }
  expect(asked.length).toBe(before);
});

test("what is let through brings none of its connection's headers along", async () => {
  const { door, pass, asked } = await bench();
  const headers = { authorization: `Bearer ${pass.token}`, "x-evil": "smuggled", "x-forwarded-host": "evil" };
  const answer = await fetch(`${door.url}${api}/runs/get?run_id=mine`, { headers });
  expect(answer.status).toBe(200);
  expect(asked.at(-1)).toBe(`GET ${api}/runs/get?run_id=mine `);
});

test("no token, a wrong one and a revoked one open nothing", async () => {
  const { door, pass, ask } = await bench();
  const route = `${door.url}${api}/runs/get?run_id=mine`;
  expect((await say(route, {})).json().error_code).toBe("SCANFLOW_GATEWAY_TOKEN");
  expect((await say(route, { token: "guessed", method: "GET" })).status).toBe(401);
  expect((await say(`${door.url}/scanflow/v1/claim`, { token: pass.token, body: {} })).status).toBe(401);
  expect((await say(`${door.url}/scanflow/v1/attempt/end`, { token: pass.token, body: {} })).status).toBe(
    401,
  );
  pass.revoke();
  expect((await ask(`${api}/runs/get?run_id=mine`)).json().error_code).toBe("SCANFLOW_ATTEMPT_REVOKED");
});

test("a tracker that has users is asked with the owner's token, which the attempt never sees", async () => {
  const { ask, own, pass } = await bench({ trackerToken: "of-an-admin" });
  const logged = await ask(`${api}/runs/log-metric`, { run_id: "mine", key: "a", value: 1, timestamp: 1 });
  expect(logged.status).toBe(200);
  expect((await ask(`${files}/${own}/mine/artifacts/x`, "text", "PUT")).status).toBe(200);
  expect((await ask(`${files}/${own}/mine/artifacts/x`)).text).toBe("text");
  expect((await ask(`${api}/runs/get?run_id=foreign`)).status).toBe(403);
  const begun = await ask(`/api/2.0/mlflow-artifacts/mpu/create/${own}/mine/artifacts`, {
    path: "y",
    num_parts: 1,
  });
  expect(begun.json().credentials[0].headers).toEqual({ Authorization: `Bearer ${pass.token}` });
  expect([...Object.values(pass.variables), begun.text].join()).not.toContain("of-an-admin");
});

test.each([
  [`${api}/runs/get?run_id=r`],
  ["/get-artifact?run_id=r&path=x"],
  [`/api/2.0/mlflow-artifacts/artifacts?path=0/r`],
  [`${files}/0/r/artifacts/x`],
  ["/health"],
])("nothing is asked of the tracker any more for who has gone: %s", async (path) => {
  const gateway = await gatewayBench();
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const uri = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const { token } = gateway.door.admit(gateway.spec({ tracking: { uri, experimentId: "0", runId: "r" } }));
  const going = new AbortController();
  const asked = once(silent, "request");
  const headers = { authorization: `Bearer ${token}` };
  const answer = fetch(`${gateway.door.url}${path}`, { headers, signal: going.signal }).catch(() => "gone");
  const [, response] = await asked;
  const closed = once(response, "close");
  going.abort();
  expect(await answer).toBe("gone");
  await closed;
});

test("a tracker that does not answer is told as such", async () => {
  const gateway = await gatewayBench();
  const { token } = gateway.door.admit(gateway.spec({}));
  const answer = await say(`${gateway.door.url}${api}/runs/get?run_id=r`, { token, method: "GET" });
  expect(answer.json().error_code).toBe("SCANFLOW_TRACKER_UNREACHABLE");
});

test("bytes that are no HTTP end their connection and nothing else", async () => {
  const { door, ask } = await bench();
  for (const bytes of [
    "\0\0\0\n\n",
    `GET / HTTP/1.1\r\nX: ${"y".repeat(100_000)}\r\n\r\n`,
    "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
  ]) {
    const socket = connect(door.port, "127.0.0.1", () => socket.write(bytes));
    socket.on("error", () => undefined).resume();
    await new Promise((closed) => socket.on("close", closed));
  }
  expect((await ask(`${api}/runs/get?run_id=mine`)).status).toBe(200);
});
