import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errorCode } from "@scanflow/core";
import { expect, test } from "vitest";
import { Stopped } from "../attempt.ts";
import { openBench, output } from "../bench.test.support.ts";
import { remoteCommand } from "../contract/remote-command.ts";
import type { AttemptSpec, LoggedBatch } from "../runner.ts";
import { LoggedFile } from "./logged-file.ts";
import { stepProcessResult } from "./step-result.ts";

const main = join(import.meta.dirname, "../../shim/main.ts");
const shim = [process.execPath, "--conditions=source", main];

interface Ran {
  readonly spec: AttemptSpec;
  readonly output: string;
  readonly batches: LoggedBatch[];
  /** What the owner's side makes of it. */
  result(): unknown;
}

/** Runs a step as `shim step` does in a container, with the places of a site below a temporary folder. */
async function runStep(text: string, given: Partial<AttemptSpec> = {}) {
  const bench = await openBench();
  await bench.write("steps/step.ts", text);
  const command = { kind: "module", module: "steps/step.ts", export: "default" } as const;
  const spec = bench.spec({ command, ...given });
  const folder = join(bench.root, "..", "site");
  const remote = remoteCommand(spec, {
    site: { folder, root: bench.root },
    secrets: {},
    tracking: {},
    shim,
  });
  await mkdir(join(folder, "outputs"), { recursive: true });
  for (const { path, text: content } of remote.files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  const child = spawn(remote.file, remote.args, {
    cwd: bench.root,
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...remote.variables },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
      if (chunk.includes("ready")) child.kill("SIGTERM");
    });
  }
  const exit = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  const batches: LoggedBatch[] = [];
  const logged = new LoggedFile(join(folder, "logged.ndjson"), (batch) => batches.push(batch));
  logged.look();
  const ran: Ran = {
    spec,
    output: said,
    batches,
    result: () => stepProcessResult(spec, exit, logged.end),
  };
  return { ...ran, folder };
}

function failureOf({ result }: Ran): { code: string | undefined; message: string } {
  try {
    result();
  } catch (error) {
    if (error instanceof Stopped && error.reason.kind === "failed") return error.reason;
    if (error instanceof Error) return { code: errorCode(error), message: error.message };
  }
  throw new Error("the step did not fail");
}

test("a step in a process of its own has the context, logs and result that one in a thread has", async () => {
  const ran = await runStep(
    `import { writeFileSync, readFileSync } from "node:fs";
import { number } from "scanflow";
export default async ({ outputs, params, item, metric, tag, checkpoint, heartbeat }) => {
  console.log("hello", typeof number, process.env.SCANFLOW_RUN, process.env.SCANFLOW_STEP_FILE);
  writeFileSync(outputs["the-model"], "weights");
  writeFileSync(checkpoint + "/kept", "");
  heartbeat();
  metric("loss", Number.NaN, 2);
  metric("accuracy", 0.5);
  tag("größe", "ü\\n");
  return { rate: params.rate, item };
};`,
    {
      params: { rate: 0.5 },
      item: "5",
      outputs: { "the-model": output({ path: "m.bin" }) },
    },
  );
  expect(ran.output).toBe("hello function run-1 undefined\n");
  expect(ran.result()).toEqual({ rate: 0.5, item: "5" });
  expect(readFileSync(join(ran.folder, "outputs/m.bin"), "utf8")).toBe("weights");
  expect(existsSync(join(ran.folder, "checkpoint/kept"))).toBe(true);
  expect(existsSync(join(ran.folder, "heartbeat"))).toBe(true);
  expect(
    ran.batches.flatMap(({ metrics }) => metrics.map(({ key, value, step }) => [key, value, step])),
  ).toEqual([
    ["loss", Number.NaN, 2],
    ["accuracy", 0.5, 0],
  ]);
  expect(ran.batches.flatMap(({ tags }) => tags)).toEqual([{ key: "größe", value: "ü\n" }]);
  expect(JSON.parse(readFileSync(join(ran.folder, "result.json"), "utf8"))).toEqual({ rate: 0.5, item: "5" });
});

test.each([
  ["a number", "() => 1", "SCANFLOW_RESULT_INVALID", /a number, not an object/],
  ["an end of the process", "() => process.exit(7)", "SCANFLOW_TASK_FAILED", /process\.exit\(7\)/],
  ["a stray rejection", "() => { Promise.reject(new Error('stray')); }", "SCANFLOW_TASK_FAILED", /stray/],
  [
    "an error in a timer",
    "() => new Promise(() => { setTimeout(() => { throw new Error('later'); }); })",
    "SCANFLOW_TASK_FAILED",
    /Error: later\n\s+at .*steps\/step.ts:1/,
  ],
  ["a signal", "() => process.kill(process.pid, 'SIGKILL')", "SCANFLOW_TASK_FAILED", /SIGKILL/],
])("a step in a process that gives %s fails as in a thread", async (_, step, code, says) => {
  const failed = failureOf(await runStep(`export default ${step};`));
  expect(failed.code).toBe(code);
  expect(failed.message).toMatch(says);
});

test("a module or function that is not there is named as in a thread", async () => {
  const missing = { kind: "module", module: "steps/none.ts", export: "default" } as const;
  expect(failureOf(await runStep("", { command: missing }))).toMatchObject({
    code: "SCANFLOW_MODULE_NOT_FOUND",
    message: expect.stringContaining("steps/none.ts of task"),
  });
  expect(failureOf(await runStep("export const other = () => 1;"))).toMatchObject({
    code: "SCANFLOW_EXPORT_NOT_FOUND",
    message: expect.stringContaining("it exports other"),
  });
});

test("a step that is asked to end hears it through its signal", async () => {
  const ran = await runStep(
    `export default ({ signal }) => new Promise((resolve) => {
  const alive = setInterval(() => {}, 1000);
  signal.addEventListener("abort", () => { clearInterval(alive); resolve({ heard: true }); });
  console.log("ready");
});`,
  );
  expect(ran.result()).toEqual({ heard: true });
});

test("what stands in the file of logs and is no line of it is passed over", async () => {
  const ran = await runStep(
    `import { appendFileSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
export default ({ checkpoint, metric }) => {
  metric("a", 1);
  appendFileSync(dirname(checkpoint) + "/logged.ndjson", "junk\\n{\\"kind\\":\\"metric\\"}\\n[]\\n");
  metric("b", 2);
};`,
  );
  expect(ran.batches.flatMap(({ metrics }) => metrics.map(({ key }) => key))).toEqual(["a", "b"]);
  expect(ran.result()).toEqual({});
});
