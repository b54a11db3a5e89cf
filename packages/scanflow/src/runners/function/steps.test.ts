import { existsSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Bench, errorOf, openBench, output } from "../bench.test.support.ts";
import { resultOf, startStep } from "./steps.test.support.ts";

const never = { startMs: null, runMs: null, heartbeatMs: null };

test("what a step throws is told with its author's own frames and causes", async () => {
  const bench = await openBench();
  await bench.write(
    "lib/deep.ts",
    `export function deep(): never {\n  throw new RangeError("out of it", { cause: "a cause" });\n}\n`,
  );
  const attempt = await startStep(
    bench,
    `import { deep } from "./lib/deep.ts";\nexport default async () => {\n  await null;\n  deep();\n};\n`,
  );
  const { code, message } = errorOf(await attempt.done);
  expect(code).toBe("SCANFLOW_TASK_FAILED");
  expect(message).toMatch(
    /RangeError: out of it\n\s+at deep \(lib\/deep.ts:2:9\)\n\s+at (.* )?\(?step.ts:4:3\)?\n/,
  );
  expect(message).toContain("Caused by: thrown: 'a cause'");
  expect(message).not.toMatch(/step-worker|node:internal/);
});

test.each([
  ["a number", "() => 1", "SCANFLOW_RESULT_INVALID", /a number, not an object/],
  ["a list", "() => []", "SCANFLOW_RESULT_INVALID", /a list/],
  ["null", "() => null", "SCANFLOW_RESULT_INVALID", /is null/],
  ["what JSON cannot carry", "() => ({ a: 1n })", "SCANFLOW_RESULT_INVALID", /BigInt/],
  ["too much", "() => ({ a: 'x'.repeat(1100000) })", "SCANFLOW_RESULT_INVALID", /1 MiB/],
  ["an end of the process", "() => process.exit(7)", "SCANFLOW_TASK_FAILED", /process\.exit\(7\)/],
  [
    "a rejection nobody handles",
    "() => { Promise.reject(new Error('stray')); }",
    "SCANFLOW_TASK_FAILED",
    /stray/,
  ],
  [
    "an error in a timer",
    "() => new Promise(() => { setTimeout(() => { throw new Error('later'); }); })",
    "SCANFLOW_TASK_FAILED",
    /later/,
  ],
  ["something that is no error", "() => { throw { odd: true }; }", "SCANFLOW_TASK_FAILED", /odd: true/],
])("a step that gives %s fails", async (_, step, code, says) => {
  const bench = await openBench({ threads: 1 });
  const attempt = await startStep(bench, `export default ${step};`);
  const error = errorOf(await attempt.done);
  expect(error.code).toBe(code);
  expect(error.message).toMatch(says);
  expect(await resultOf(await startStep(bench, "export default () => ({ next: true });"))).toEqual({
    next: true,
  });
});

test("a module, function or import that is not there is named", async () => {
  const bench = await openBench();
  const gone = bench.start({ command: { kind: "module", module: "gone.ts", export: "default" } });
  expect(errorOf(await gone.done)).toMatchObject({ code: "SCANFLOW_MODULE_NOT_FOUND", retryable: false });
  const other = await startStep(bench, "export const fit = () => ({}); export const rate = 1;");
  const error = errorOf(await other.done);
  expect(error).toMatchObject({ code: "SCANFLOW_EXPORT_NOT_FOUND", retryable: false });
  expect(error.message).toContain("it exports fit.");
  const broken = errorOf(
    await (await startStep(bench, `import "./nowhere.ts"; export default () => {};`)).done,
  );
  expect(broken.message).toMatch(/Cannot find module.*nowhere\.ts/);
  const syntax = errorOf(await (await startStep(bench, "export default () => { const a = ; }")).done);
  expect(syntax.message).toMatch(/step\.ts|Expression expected/);
});

test("a step without end is ended with its thread, and what it said until then is kept", async () => {
  const bench = await openBench({ threads: 1, graceMs: 20 });
  const attempt = await startStep(
    bench,
    `export default ({ metric }) => { console.log("in"); metric("a", 1); process.stderr.write("half"); while (true); };`,
    { timeout: { ...never, runMs: 1500 } },
  );
  expect(errorOf(await attempt.done)).toMatchObject({ code: "SCANFLOW_TIMEOUT_RUN", retryable: true });
  expect(attempt.lines).toEqual(["in", "half"]);
  expect(attempt.batches.flatMap(({ metrics }) => metrics.map(({ key }) => key))).toEqual(["a"]);
  expect(await resultOf(await startStep(bench, "export default () => ({ ok: 1 });"))).toEqual({ ok: 1 });
});

test("a step that listens to its signal can end in order", async () => {
  const bench = await openBench({ graceMs: 20_000 });
  const attempt = await startStep(
    bench,
    `import { writeFileSync } from "node:fs";
export default async ({ signal, checkpoint }) => {
  console.log("ready");
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
  writeFileSync(checkpoint + "/note", "tidied");
};`,
  );
  await attempt.begun;
  await attempt.said("ready");
  attempt.cancel();
  expect(await attempt.done).toEqual({ kind: "cancelled" });
  expect(readFileSync(join(attempt.spec.checkpoint, "note"), "utf8")).toBe("tidied");
});

test("a heartbeat keeps a step alive, silence ends it", async () => {
  const bench = await openBench();
  const attempt = await startStep(
    bench,
    `import { setTimeout as wait } from "node:timers/promises";
export default async ({ heartbeat, signal }) => {
  for (let i = 0; i < 30; i++) { heartbeat(); await wait(100); }
  console.log("silent");
  await wait(600_000, undefined, { signal });
};`,
    { timeout: { ...never, heartbeatMs: 2500 } },
  );
  expect(errorOf(await attempt.done).code).toBe("SCANFLOW_TIMEOUT_HEARTBEAT");
  expect(attempt.lines).toEqual(["silent"]);
});

test("steps have environments of their own, which do not outlive them", async () => {
  const environment = { ...process.env, API_KEY: "s3cr3t-w0rd", NODE_OPTIONS: "--conditions=source" };
  const bench = await openBench({ threads: 1, environment });
  const code = `export default ({ params }) => {
  const { OWN, API_KEY, LEFT, NODE_OPTIONS, SCANFLOW_TASK, SCANFLOW_PARAM_A, MLFLOW_RUN_ID } = process.env;
  process.env.LEFT = "over";
  console.log("key", API_KEY);
  return { own: OWN ?? null, left: LEFT ?? null, node: NODE_OPTIONS ?? null, flags: process.execArgv.length, task: SCANFLOW_TASK, a: SCANFLOW_PARAM_A ?? null, run: MLFLOW_RUN_ID };
};`;
  const first = await startStep(bench, code, { env: { OWN: "1" }, secrets: ["API_KEY"], params: { a: [1] } });
  const common = { left: null, node: null, flags: 0, run: "r" };
  expect(await resultOf(first)).toEqual({ ...common, own: "1", task: first.spec.task, a: "[1]" });
  expect(first.lines).toEqual(["key ***"]);
  const second = await startStep(bench, code);
  expect(await resultOf(second)).toEqual({
    ...common,
    own: null,
    task: second.spec.task,
    a: null,
  });
  expect(process.env.LEFT).toBeUndefined();
});

test("changed code is never served from a warm thread, however deep it lies", async () => {
  const bench = await openBench({ threads: 2 });
  await bench.write("deep/c.ts", "export const c = 1;");
  await bench.write("deep/b.ts", `export { c } from "./c.ts";`);
  const code = `import { c } from "./deep/b.ts"; let calls = 0; export default () => ({ c, calls: ++calls });`;
  expect(await resultOf(await startStep(bench, code))).toEqual({ c: 1, calls: 1 });
  const again = () => bench.start({ command: { kind: "module", module: "step.ts", export: "default" } });
  expect(await resultOf(again())).toEqual({ c: 1, calls: 2 });
  await bench.write("deep/c.ts", "export const c = 2;");
  expect(await resultOf(again())).toEqual({ c: 2, calls: 1 });
  await bench.write("deep/c.ts", "export const c = 3;");
  await bench.write(
    "other.ts",
    `export { c as default } from "./deep/c.ts"; export const fit = () => ({ c }); import { c } from "./deep/c.ts";`,
  );
  const other = bench.start({ command: { kind: "module", module: "other.ts", export: "fit" } });
  expect(await resultOf(other)).toEqual({ c: 3 });
});

test("metrics and lines come whole and in order, however many", async () => {
  const bench = await openBench();
  const attempt = await startStep(
    bench,
    `export default ({ metric, tag }) => {
  for (let i = 0; i < 50_000; i++) { metric("loss", i / 2, i); if (i % 10 === 0) console.log("line", i, "x".repeat(200)); }
  metric("nan", NaN);
  tag("a", "é");
  console.log("y".repeat(400_000));
};`,
  );
  await resultOf(attempt);
  const metrics = attempt.batches.flatMap((batch) => batch.metrics);
  expect(metrics).toHaveLength(50_001);
  expect(
    metrics
      .slice(0, -1)
      .every(({ key, value, step }, at) => key === "loss" && value === at / 2 && step === at),
  ).toBe(true);
  expect(metrics.at(-1)).toMatchObject({ key: "nan", value: Number.NaN, step: 0 });
  expect(attempt.batches.flatMap((batch) => batch.tags)).toEqual([{ key: "a", value: "é" }]);
  expect(attempt.lines.filter((line) => line.startsWith("line"))).toHaveLength(5000);
  expect(attempt.lines.slice(5000).join("")).toBe("y".repeat(400_000));
});

test("more steps than threads wait their turn; one that is cancelled meanwhile never runs", async () => {
  const bench = await openBench({ threads: 2 });
  await bench.write(
    "step.ts",
    "let busy = 0; export default async ({ params }) => { busy += 1; const seen = busy; await null; busy -= 1; return { seen, n: params.n }; };",
  );
  const start = (n: number) =>
    bench.start({ command: { kind: "module", module: "step.ts", export: "default" }, params: { n } });
  const attempts = Array.from({ length: 40 }, (_, n) => start(n));
  attempts[39]?.cancel();
  const outcomes = await Promise.all(attempts.map(({ done }) => done));
  expect(outcomes[39]).toEqual({ kind: "cancelled" });
  const results = outcomes
    .slice(0, 39)
    .map((outcome) => (outcome.kind === "succeeded" ? outcome.result : outcome));
  expect(results).toEqual(Array.from({ length: 39 }, (_, n) => ({ seen: 1, n })));
});

test("a step's thread is measured, and it leaves no files", async () => {
  const bench = await openBench();
  const attempt = await startStep(
    bench,
    "export default () => { const end = process.threadCpuUsage().user + 200_000; const kept = new Array(2e6).fill(1.5); while (process.threadCpuUsage().user < end); return { n: kept.length }; };",
  );
  const outcome = await attempt.done;
  if (outcome.kind !== "succeeded") throw new Error(JSON.stringify(outcome));
  expect(outcome.usage.cpuMs).toBeGreaterThan(190);
  expect(outcome.usage.peakMemory).toBeGreaterThan(16e6);
  expect(outcome.usage.readBytes).toBeNull();
  expect(existsSync(join(attempt.spec.workdir, ".."))).toBe(false);
  expect(existsSync(attempt.spec.checkpoint)).toBe(false);
  expect(existsSync(attempt.spec.log)).toBe(false);
  expect(await readdir(bench.root)).toEqual(["step.ts"]);
});

test("cancelling while outputs are published does not touch the next step in the thread", async () => {
  const bench = await openBench({ threads: 1, graceMs: 1 });
  const held = Promise.withResolvers<void>();
  const publishing = Promise.withResolvers<void>();
  const artifacts: Bench["artifacts"] = {
    ...bench.artifacts,
    async publish(path, options) {
      publishing.resolve();
      await held.promise;
      return bench.artifacts.publish(path, options);
    },
  };
  const slow = await openBench({ threads: 1, graceMs: 1, artifacts });
  const writing = await startStep(
    slow,
    `import { writeFileSync } from "node:fs"; export default ({ outputs }) => writeFileSync(outputs.o, "x");`,
    { outputs: { o: output({ path: "o" }) } },
  );
  await publishing.promise;
  const next = await startStep(
    slow,
    `import { setTimeout as wait } from "node:timers/promises"; export default async ({ signal }) => { await wait(100); return { aborted: signal.aborted }; };`,
  );
  await next.begun;
  writing.cancel();
  held.resolve();
  expect(await writing.done).toEqual({ kind: "cancelled" });
  expect(await resultOf(next)).toEqual({ aborted: false });
});
