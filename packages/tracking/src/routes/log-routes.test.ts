import { expect, test } from "vitest";
import { newRun, openTestServer } from "../test-server.support.ts";

test("numbers may come as text, NaN goes as text, infinities as the largest doubles", async () => {
  const server = await openTestServer();
  const run_id = await newRun(server);
  const big = Number.MAX_SAFE_INTEGER;
  const metrics = [
    { key: "text", value: "0.5", timestamp: "12", step: "3" },
    { key: "nan", value: "NaN", timestamp: 1 },
    { key: "up", value: "Infinity", timestamp: 1 },
    { key: "down", value: "-Infinity", timestamp: big, step: -big },
  ];
  expect(await server.post("runs/log-batch", { run_id, metrics, unknown_field: 1 })).toEqual({
    status: 200,
    body: {},
  });
  const { run } = (await server.get("runs/get", { run_uuid: run_id })).body as {
    run: { data: { metrics: unknown } };
  };
  expect(run.data.metrics).toEqual([
    { key: "down", value: -1.7976931348623157e308, timestamp: big, step: -big },
    { key: "nan", value: "NaN", timestamp: 1, step: 0 },
    { key: "text", value: 0.5, timestamp: 12, step: 3 },
    { key: "up", value: 1.7976931348623157e308, timestamp: 1, step: 0 },
  ]);
});

test("a batch over a limit is refused whole, and long values are cut", async () => {
  const server = await openTestServer();
  const run_id = await newRun(server);
  const many = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ key: `k${i}`, value: "1", timestamp: 1 }));
  for (const [list, count] of [
    ["metrics", 1001],
    ["params", 101],
    ["tags", 101],
  ] as const) {
    const { status, body } = await server.post("runs/log-batch", { run_id, [list]: many(count) });
    expect([status, body.message]).toEqual([
      400,
      expect.stringContaining(`at most ${count - 1} ${list}. Got ${count}`),
    ]);
  }
  const mixed = { metrics: many(950), params: many(40), tags: many(40) };
  expect((await server.post("runs/log-batch", { run_id, ...mixed })).body.message).toContain(
    "at most 1000 metrics, params, and tags. Got 1030",
  );
  await server.post("runs/log-parameter", { run_id, key: "long", value: "é".repeat(7000) });
  const run = await server.tracking.getRun(run_id);
  expect(run.params).toEqual([{ key: "long", value: "é".repeat(6000) }]);
  expect(run.metrics).toEqual([]);
});

test("histories are paged, sampled and bounded as asked", async () => {
  const server = await openTestServer();
  const run_id = await newRun(server);
  const points = Array.from({ length: 100 }, (_, i) => ({
    key: "m",
    value: i,
    timestamp: 1000 - i,
    step: i,
  }));
  await server.post("runs/log-batch", { run_id, metrics: points });
  await server.post("runs/log-batch", { run_id, metrics: points.slice(0, 5) });
  const values = (body: Record<string, unknown>) =>
    ((body.metrics ?? []) as { value: number }[]).map((m) => m.value);
  const history = { run_id, metric_key: "m" };
  expect(values((await server.get("metrics/get-history", history)).body)).toEqual(
    points.map(({ value }) => value).reverse(),
  );
  const first = (await server.get("metrics/get-history", { ...history, max_results: "60" })).body;
  const token = String(first.next_page_token);
  const second = (
    await server.get("metrics/get-history", { ...history, max_results: "60", page_token: token })
  ).body;
  expect([values(first).length, values(second).length, second.next_page_token]).toEqual([60, 40, undefined]);
  for (const count of [1, 2, 7, 99, 100, 2500]) {
    const { body } = await server.get("metrics/get-history-bulk-interval", {
      run_ids: [run_id],
      metric_key: "m",
      max_results: String(count),
    });
    const sampled = values(body);
    expect(sampled).toHaveLength(Math.min(count, 100));
    expect(sampled.at(-1)).toBe(99);
    if (count > 1) expect(sampled[0]).toBe(0);
    expect(sampled).toEqual([...new Set(sampled)].sort((a, b) => a - b));
  }
  const range = { run_ids: [run_id], metric_key: "m", start_step: "10", end_step: "12" };
  expect(values((await server.get("metrics/get-history-bulk-interval", range)).body)).toEqual([10, 11, 12]);
  expect((await server.get("metrics/get-history", { ...history, max_results: "0" })).status).toBe(400);
});

test("a point that is wrong is named by its place, however plain those before it are", async () => {
  const server = await openTestServer();
  const run_id = await newRun(server);
  const plain = { key: "a", value: 1, timestamp: 1, step: 1 };
  for (const [wrong, message] of [
    [{ ...plain, value: "x" }, "Invalid value \"x\" for parameter 'metrics[1].value' supplied"],
    [{ ...plain, timestamp: undefined }, "Missing value for required parameter 'metrics[1].timestamp'."],
    [{ ...plain, key: "" }, "Missing value for required parameter 'metrics[1].key'."],
    [{ ...plain, step: 1.5 }, "Invalid value 1.5 for parameter 'metrics[1].step' supplied"],
  ] as const) {
    const { status, body } = await server.post("runs/log-batch", { run_id, metrics: [plain, wrong] });
    expect([status, body.message]).toEqual([400, expect.stringContaining(message)]);
  }
  await server.post("runs/log-batch", { run_id, metrics: [plain, { ...plain, step: null, timestamp: "2" }] });
  const { metrics } = await server.tracking.getRun(run_id);
  expect(metrics).toEqual([{ key: "a", value: 1, step: 1, timestampMs: 1 }]);
});
