import { once } from "node:events";
import { createServer } from "node:http";
import { planWorkflow, requireApplication } from "@scanflow/core";
import { expect, onTestFinished, test } from "vitest";
import { errorOf, openBench, type Started } from "../bench.test.support.ts";
import type { AttemptSpec } from "../runner.ts";

const SERVICE = { port: null, replicas: 1, maxReplicas: null, health: null };
const NEVER = { startMs: null, runMs: null, heartbeatMs: null };

/** A server that answers 503 until the fourth question, then 200; on `/hello` at once. */
const SERVE = `let asked = 0;
require("node:http").createServer(({ url }, answer) => {
  answer.statusCode = url === "/hello" || ++asked > 3 ? 200 : 503;
  answer.end(process.env.SCANFLOW_HOST + " " + asked);
}).listen(Number(process.env.SCANFLOW_PORT), process.env.SCANFLOW_HOST);`;

async function serve(given: Partial<AttemptSpec>): Promise<Started & { readonly ready: Promise<string> }> {
  const bench = await openBench();
  onTestFinished(() => bench.runner.close());
  const ready = Promise.withResolvers<string>();
  const command = { kind: "command", command: [process.execPath, "-e", SERVE] } as const;
  const started = bench.start({ command, service: SERVICE, ...given }, { ready: ready.resolve });
  return { ...started, ready: ready.promise };
}

test("a service gets a free port of the loopback address, and is ready once it takes connections", async () => {
  const [one, other] = await Promise.all([serve({}), serve({})]);
  const urls = await Promise.all([one.ready, other.ready]);
  expect(new Set(urls).size).toBe(2);
  for (const url of urls) expect(await (await fetch(`${url}/hello`)).text()).toBe("127.0.0.1 0");
  one.cancel();
  other.cancel();
  expect(await one.done).toMatchObject({ kind: "cancelled", usage: { readBytes: expect.anything() } });
  await other.done;
  for (const url of urls) await expect(fetch(url)).rejects.toThrow("fetch failed");
});

test("a service with a health path is ready once that answers well", async () => {
  const service = await serve({ service: { ...SERVICE, health: "/health" } });
  expect(await (await fetch(`${await service.ready}/hello`)).text()).toBe("127.0.0.1 4");
  service.cancel();
  await service.done;
});

test("a port that is asked for is that of the service, and one that is taken is refused, where it is sure to be needed before the run begins", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const refused = await serve({ service: { ...SERVICE, port } });
  const error = errorOf(await refused.done);
  expect(error).toMatchObject({ code: "SCANFLOW_PORT_TAKEN", retryable: true });
  expect(error.message).toContain(`port ${port}`);
  const { runner } = await openBench();
  const nodes = (when: object) => ({ s: { kind: "service", run: "x", port, ...when } });
  const plan = (when = {}) =>
    planWorkflow(requireApplication({ application: "a", workflows: { w: { nodes: nodes(when) } } }));
  const begins = { begins: true };
  await expect(runner.ready?.(plan(), begins)).rejects.toMatchObject({ code: "SCANFLOW_PORT_TAKEN" });
  await runner.ready?.(plan(), { begins: false });
  await runner.ready?.(plan({ when: "device.cpus > 0" }), begins);
  taken.close();
  await once(taken, "close");
  const service = await serve({ service: { ...SERVICE, port } });
  expect(await service.ready).toBe(`http://127.0.0.1:${port}`);
  service.cancel();
  await service.done;
});

test("a service that cannot be asked in time is ended; its other limits do not count", async () => {
  const silent = { kind: "command", command: ["sleep", "60"] } as const;
  const late = await serve({ command: silent, timeout: { ...NEVER, startMs: 300 } });
  expect(errorOf(await late.done)).toMatchObject({
    code: "SCANFLOW_TIMEOUT_START",
    message: expect.stringContaining("could not be asked after 300 ms"),
  });
  const health = await serve({
    service: { ...SERVICE, health: "/health" },
    timeout: { startMs: 60_000, runMs: 1, heartbeatMs: 1 },
  });
  await health.ready;
  health.cancel();
  expect(await health.done).toMatchObject({ kind: "cancelled" });
});

test("of several replicas one runs, and the log says so", async () => {
  const service = await serve({ service: { ...SERVICE, replicas: 3 } });
  expect(await service.said("replicas")).toBe(
    "[scanflow] 1 of 3 replicas runs: the processes of one machine cannot share a port",
  );
  await service.ready;
  service.cancel();
  await service.done;
});

test("the services of a run are in the variables of its other tasks", async () => {
  const { start } = await openBench();
  const command = { kind: "command", command: ["sh", "-c", "env | grep SCANFLOW_SERVICE | sort"] } as const;
  const services = { predict: "http://127.0.0.1:1", "score-all": "http://127.0.0.1:2" };
  const task = start({ command, services });
  await task.done;
  expect(task.lines).toEqual([
    "SCANFLOW_SERVICE_PREDICT=http://127.0.0.1:1",
    "SCANFLOW_SERVICE_SCORE_ALL=http://127.0.0.1:2",
  ]);
});
