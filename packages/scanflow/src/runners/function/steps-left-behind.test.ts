import { expect, test } from "vitest";
import { openBench } from "../bench.test.support.ts";
import { isEnded, readStat } from "../process/proc.ts";
import { resultOf, startStep } from "./steps.test.support.ts";

test("a thread in which something of a step goes on does not take the next one", async () => {
  const bench = await openBench({ threads: 1 });
  const code = (body: string) =>
    `globalThis.seen ??= 0; export default () => { globalThis.seen += 1; ${body} return { seen: globalThis.seen }; };`;
  expect(await resultOf(await startStep(bench, code("setInterval(() => {}, 1000);")))).toEqual({ seen: 1 });
  expect(await resultOf(await startStep(bench, code("")))).toEqual({ seen: 1 });
  const again = bench.start({ command: { kind: "module", module: "step.ts", export: "default" } });
  expect(await resultOf(again)).toEqual({ seen: 2 });
});

const leave = `const child = spawn("sleep", ["600"], { detached: true, stdio: "ignore" }); child.unref();`;

test.each([
  [
    "at once",
    `import { spawn } from "node:child_process"; export default () => { ${leave} return { pid: child.pid }; };`,
  ],
  [
    "by a way round the imports",
    `export default () => { const { spawn } = process.getBuiltinModule("child_process"); ${leave} return { pid: child.pid }; };`,
  ],
  [
    "in a thread of its own",
    `import { Worker } from "node:worker_threads";
const code = \`const { spawn } = require("node:child_process"); ${leave} require("node:worker_threads").parentPort.postMessage(child.pid);\`;
export default async () => {
  const worker = new Worker(code, { eval: true });
  const pid = await new Promise((resolve) => worker.once("message", resolve));
  await worker.terminate();
  return { pid };
};`,
  ],
])(
  "processes that a step leaves behind, started %s, are ended with it, the first time and later",
  async (_, code) => {
    const bench = await openBench({ threads: 1 });
    expect(await resultOf(await startStep(bench, "export default () => ({ quiet: true });"))).toEqual({
      quiet: true,
    });
    for (let again = 0; again < 2; again++) {
      const { pid } = (await resultOf(await startStep(bench, code))) as { pid: number };
      expect(pid).toBeGreaterThan(0);
      const stat = readStat(pid);
      expect(stat === undefined || isEnded(stat)).toBe(true);
    }
  },
);
