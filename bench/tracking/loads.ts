import { API, type Server } from "./servers.ts";

const pointsAtOnce = 1000;

/** Milliseconds of each of a number of calls, one after the other. */
export async function timesOf(count: number, call: (at: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let at = 0; at < count; at++) {
    const start = performance.now();
    await call(at);
    times.push(performance.now() - start);
  }
  return times;
}

/** The value below which this part of the values lies (nearest rank). */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

const pathsOf = ({ name }: Server) => (name === "floor" ? "" : `${API}/runs`);

export async function newRun({ client, name }: Server): Promise<string> {
  if (name === "floor") return "a".repeat(32);
  const body = JSON.stringify({ experiment_id: "0", start_time: 1, run_name: "bench" });
  return JSON.parse(await client.post(`${API}/runs/create`, body)).run.info.run_id;
}

export async function logMetricTimes(server: Server, count: number): Promise<number[]> {
  const runId = await newRun(server);
  const body = (at: number) =>
    JSON.stringify({
      run_id: runId,
      key: "loss",
      value: 1 / (at + 1),
      timestamp: 1_700_000_000_000 + at,
      step: at,
    });
  return timesOf(count, (at) => server.client.post(`${pathsOf(server)}/log-metric`, body(at)));
}

/** Rows a second in batches of 1000 points, from so many clients at once. */
export async function logBatchRate(server: Server, batches: number, clients: number): Promise<number> {
  const runs = await Promise.all(Array.from({ length: clients }, () => newRun(server)));
  const bodies = runs.map((runId) =>
    Array.from({ length: Math.ceil(batches / clients) }, (_, batch) => batchBody(runId, batch)),
  );
  const start = performance.now();
  await Promise.all(
    bodies.map(async (list) => {
      for (const body of list) await server.client.post(`${pathsOf(server)}/log-batch`, body);
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  return (bodies.flat().length * pointsAtOnce) / seconds;
}

/** Ten metrics, a hundred steps of each. */
function batchBody(runId: string, batch: number): string {
  const metrics = Array.from({ length: pointsAtOnce }, (_, i) => {
    const step = batch * 100 + Math.floor(i / 10);
    return { key: `metric-${i % 10}`, value: Math.sin(step + i), timestamp: 1_700_000_000_000 + step, step };
  });
  return JSON.stringify({ run_id: runId, metrics });
}

export function createRunTimes({ client }: Server, count: number): Promise<number[]> {
  const body = JSON.stringify({
    experiment_id: "0",
    start_time: 1,
    run_name: "made",
    tags: [{ key: "mlflow.user", value: "ada" }],
  });
  return timesOf(count, () => client.post(`${API}/runs/create`, body));
}

/** What is searched for, the how manieth time. */
export type Question = (at: number) => { readonly filter: string; readonly orderBy: string };

const percent = (at: number) => (at * 37) % 100;
const metricOrders = ["metrics.m1 DESC", "attributes.start_time DESC", "metrics.m2 ASC", "metrics.m0 DESC"];
const textFilters = [
  (at: number) => `params.p${at % 5} = '${percent(at)}'`,
  (at: number) => `tags.t${at % 5} = 'v${at % 10}'`,
  (at: number) => `params.p${at % 5} LIKE '${at % 10}%' AND tags.t${at % 5} != 'v${at % 10}'`,
  (at: number) => `attributes.run_name = 'run-${percent(at) * 97}'`,
];
const textOrders = ["params.p3 ASC", "tags.t4 DESC", "tags.`mlflow.runName` ASC", "params.p0 DESC"];

/** One comparison of a metric, one order, both changing. */
export const byMetric: Question = (at) => ({
  filter: `metrics.m${at % 5} ${at % 2 === 0 ? ">" : "<"} ${percent(at) / 100}`,
  orderBy: metricOrders[at % metricOrders.length] ?? "",
});

/** A param, a tag or a name is asked for; the newest first. */
export const byText: Question = (at) => ({
  filter: textFilters[at % textFilters.length]?.(at) ?? "",
  orderBy: "attributes.start_time DESC",
});

/** All runs, in the order of a param or a tag. */
export const inTextOrder: Question = (at) => ({
  filter: "",
  orderBy: textOrders[at % textOrders.length] ?? "",
});

/** Pages of 100 runs of experiment 1. */
export function searchTimes(
  { client }: Server,
  count: number,
  question: Question = byMetric,
): Promise<number[]> {
  return timesOf(count, (at) => {
    const { filter, orderBy } = question(at);
    const body = { experiment_ids: ["1"], filter, order_by: [orderBy], max_results: 100 };
    return client.post(`${API}/runs/search`, JSON.stringify(body));
  });
}

/** Logs so many points of one metric, then times its whole history; gives bytes and milliseconds. */
export async function historyCost(
  server: Server,
  points: number,
): Promise<{ readonly ms: number; readonly bytes: number }> {
  const { client } = server;
  const runId = await newRun(server);
  for (let from = 0; from < points; from += pointsAtOnce) {
    const metrics = Array.from({ length: pointsAtOnce }, (_, i) => ({
      key: "long",
      value: from + i,
      timestamp: from + i,
      step: from + i,
    }));
    await client.post(`${API}/runs/log-batch`, JSON.stringify({ run_id: runId, metrics }));
  }
  const start = performance.now();
  const bytes = await client.drain(`${API}/metrics/get-history?run_id=${runId}&metric_key=long`);
  return { ms: performance.now() - start, bytes };
}

export interface Transfer {
  readonly upMs: number;
  readonly downMs: number;
  /** How far the server's memory rose above where it was, bytes. */
  readonly rise: number;
}

/** One file up and down again, with the server's memory looked at all the while. */
export async function transferCost({ client, memory }: Server, size: number): Promise<Transfer> {
  const path = "/api/2.0/mlflow-artifacts/artifacts/bench/large.bin";
  await client.put(`${path}.warm`, 1 << 24);
  await client.drain(`${path}.warm`);
  const before = memory();
  let most = before;
  const looking = setInterval(() => {
    most = Math.max(most, memory());
  }, 20);
  try {
    const [upMs = 0] = await timesOf(1, () => client.put(path, size));
    const [downMs = 0] = await timesOf(1, async () => {
      const got = await client.drain(path);
      if (got !== size) throw new Error(`${got} of ${size} bytes came back`);
    });
    return { upMs, downMs, rise: most - before };
  } finally {
    clearInterval(looking);
  }
}
