import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import { createGraph, modelOf, writeOnnx } from "@scanflow/checks/onnx";
import { afterAll, expect, test } from "vitest";
import { createOnnxRuntime } from "./index.ts";

const runtime = createOnnxRuntime({ threads: 1 });
afterAll(() => runtime.close());

/** Adds `by` to what it counts, and tells the count before. */
function counter() {
  const graph = createGraph();
  const count = graph.input("count", []);
  const by = graph.input("by", []);
  graph.output("before", count, []);
  graph.output("count.next", graph.op("Add", [count, by]), []);
  return writeOnnx(modelOf(graph.finish("counter")));
}

/** So many products of large matrices, one after the other. */
function slow(products: number) {
  const graph = createGraph();
  let x = graph.input("x", [600, 600]);
  const half = graph.constant(new Float32Array(360_000).fill(1 / 600), [600, 600]);
  for (let at = 0; at < products; at += 1) x = graph.op("MatMul", [x, half]);
  graph.output("y", graph.op("ReduceMax", [x]), null);
  return writeOnnx(modelOf(graph.finish("slow")));
}

const scalar = (value: number) => ({ shape: [], values: Float32Array.of(value) });
const square = { shape: [600, 600], values: new Float32Array(360_000) };

test("what a step leaves is where the next one begins", async () => {
  const session = await runtime.open(counter(), { carry: { "count.next": "count" } });
  await session.keep({ count: scalar(10) });
  const results = await session.run([{ by: scalar(1) }, { by: scalar(2) }, { by: scalar(3) }]);
  expect(results.map(({ before }) => before?.values[0])).toEqual([10, 11, 13]);
  expect(await session.kept(["count"])).toEqual({ count: scalar(16) });
  await session.close();
});

test("what was given is not taken away or changed", async () => {
  const session = await runtime.open(counter(), { carry: { "count.next": "count" } });
  const count = scalar(1);
  await session.keep({ count });
  await session.run([{ by: scalar(1) }, { by: scalar(1) }]);
  expect(count.values).toEqual(Float32Array.of(1));
  await session.close();
});

test("the main loop goes on while it computes", async () => {
  const session = await runtime.open(slow(40));
  let largest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    largest = Math.max(largest, performance.now() - last);
    last = performance.now();
  }, 1);
  const start = performance.now();
  await session.run(Array.from({ length: 4 }, () => ({ x: square })));
  const took = performance.now() - start;
  clearInterval(timer);
  expect(largest).toBeLessThan(took / 2);
  await session.close();
});

test("a run that is no longer wanted stops between two steps", async () => {
  const session = await runtime.open(slow(20));
  const controller = new AbortController();
  const running = session.run(
    Array.from({ length: 2000 }, () => ({ x: square })),
    { signal: controller.signal },
  );
  setTimeout(() => controller.abort(), 30);
  await expect(running).rejects.toThrow(/abort/i);
  expect(await session.run([{ x: square }])).toHaveLength(1);
  await session.close();
});

test("what ONNX Runtime refuses has a code, and the thread goes on", async () => {
  await expect(runtime.open(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({
    code: "SCANFLOW_INFERENCE_FAILED",
  });
  const session = await runtime.open(counter());
  await expect(session.run([{ by: scalar(1) }])).rejects.toMatchObject({ code: "SCANFLOW_INFERENCE_FAILED" });
  await session.close();
  await expect(session.run([{}])).rejects.toThrow(/the session is closed/);
});

test("a thread that ended is said to be gone, and the next model starts another", async () => {
  const own = createOnnxRuntime({ threads: 1 });
  const session = await own.open(slow(40));
  const running = session.run(Array.from({ length: 50 }, () => ({ x: square })));
  const expected = expect(running).rejects.toMatchObject({ code: "SCANFLOW_INFERENCE_LOST" });
  await own.close();
  await expected;
  await expect(session.run([{}])).rejects.toMatchObject({ code: "SCANFLOW_INFERENCE_LOST" });
  await session.close();
  const again = await own.open(counter());
  await again.close();
  await own.close();
});

test.each([
  ["closed", "await runtime.close(); await running;"],
  ["left as the process exits", "process.exit(0);"],
])("a thread %s in the middle of a step does not take the process with it", (_, end) => {
  const { status, signal, stderr } = inProcess(`
    const graph = createGraph();
    let x = graph.input("x", [600, 600]);
    for (let at = 0; at < 4; at += 1) x = graph.op("MatMul", [x, x]);
    graph.output("y", graph.op("ReduceMax", [x]), null);
    const runtime = createOnnxRuntime({ threads: 1 });
    const session = await runtime.open(writeOnnx(modelOf(graph.finish("slow"))));
    const step = { x: { shape: [600, 600], values: new Float32Array(360_000) } };
    await session.run([step]);
    const running = session.run(Array.from({ length: 50 }, () => step)).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    ${end}
  `);
  expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: "" });
});

test("an idle thread keeps no process alive", () => {
  const { stdout, status } = inProcess(`
    const graph = createGraph();
    graph.output("y", graph.input("x", []), []);
    const session = await createOnnxRuntime().open(writeOnnx(modelOf(graph.finish("same"))));
    const [{ y }] = await session.run([{ x: { shape: [], values: Float32Array.of(4) } }]);
    process.stdout.write(String(y.values[0]));
  `);
  expect({ stdout, status }).toEqual({ stdout: "4", status: 0 });
});

/** A program of its own, with what it needs imported. */
function inProcess(body: string) {
  const script = `
    import { createOnnxRuntime } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)};
    import { createGraph, modelOf, writeOnnx } from "@scanflow/checks/onnx";
    ${body}`;
  return spawnSync(
    process.execPath,
    ["--conditions=source", "--input-type=module-typescript", "-e", script],
    {
      encoding: "utf8",
      timeout: 100_000,
      cwd: import.meta.dirname,
    },
  );
}
