import { getHeapStatistics } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { hideSourceFlags } from "@scanflow/tracking/worker";
import { NativeWork } from "../../native-work.ts";
import { provideScanflow } from "../../provide-scanflow.ts";
import type { FromStep, StepEnd, StepTask, StepWorkerData, ToStep } from "./messages.ts";
import { performStep, thrownBy } from "./perform-step.ts";
import { watchProcessStarts } from "./process-starts.ts";
import { encodeMetric, encodeTag, frameKinds, RingWriter } from "./ring.ts";
import { stepContext } from "./step-context.ts";

/** The thread that runs steps, one at a time. */
hideSourceFlags();
provideScanflow();
const mayStart = watchProcessStarts();
const { ring, native } = workerData as StepWorkerData;
NativeWork.of(native);
const writer = new RingWriter(ring, () => post({ kind: "drain" }));
const environment = { ...process.env };

for (const stream of [process.stdout, process.stderr]) stream.write = captureOutput;
process.on("unhandledRejection", (reason) => fail?.(reason));
process.on("uncaughtException", (error) => fail?.(error));

/** Fails the step that runs; undefined between steps. */
let fail: ((thrown: unknown) => void) | undefined;
let abort = new AbortController();

parentPort?.on("message", (message: ToStep) => {
  if (message.kind === "task") void runStep(message);
  else abort.abort();
});
post({ kind: "ready" });
const idleResources = process.getActiveResourcesInfo().length;

async function runStep(task: StepTask): Promise<void> {
  const cpu = process.threadCpuUsage();
  setEnvironment(task.variables);
  abort = new AbortController();
  const stray = Promise.withResolvers<never>();
  let stirred = false;
  fail = (thrown) => {
    stirred = true;
    stray.reject(thrown);
  };
  const result = await Promise.race([perform(task), stray.promise]).catch((thrown: unknown) =>
    thrownBy(thrown, task.root),
  );
  // One turn of the loop, so that a rejection that nobody handles is known before the step counts as done.
  const late = await Promise.race([turn(), stray.promise]).catch((thrown: unknown) =>
    thrownBy(thrown, task.root),
  );
  fail = undefined;
  const used = process.threadCpuUsage(cpu);
  const heap = getHeapStatistics();
  post({
    kind: "end",
    result: late ?? result,
    cpuMs: (used.user + used.system) / 1000,
    heap: heap.used_heap_size + heap.external_memory,
    clean: !stirred && process.getActiveResourcesInfo().length <= idleResources,
    mayStart: mayStart(),
  });
}

async function perform(task: StepTask): Promise<StepEnd["result"]> {
  const context = stepContext(task, {
    signal: abort.signal,
    metric: (metric) => writer.write(frameKinds.metric, encodeMetric(metric)),
    tag: (tag) => writer.write(frameKinds.tag, encodeTag(tag)),
    heartbeat: () => writer.beat(),
  });
  return performStep(task, context, (error) => {
    // A thread remembers a module that failed to load, and would fail again when the cause is gone.
    fail?.(error);
  });
}

/** The thread's own environment as it was at its start, with these variables on top. */
function setEnvironment(variables: StepTask["variables"]): void {
  const wanted: Record<string, string | undefined> = { ...environment, ...variables };
  for (const name of Object.keys(process.env)) if (wanted[name] === undefined) delete process.env[name];
  for (const [name, value] of Object.entries(wanted)) {
    if (value !== undefined && process.env[name] !== value) process.env[name] = value;
  }
}

function captureOutput(
  chunk: string | Uint8Array,
  encoding?: BufferEncoding | ((error?: Error | null) => void),
  written?: (error?: Error | null) => void,
): boolean {
  const bytes =
    typeof chunk === "string"
      ? Buffer.from(chunk, typeof encoding === "string" ? encoding : "utf8")
      : Buffer.from(chunk);
  writer.write(frameKinds.log, bytes);
  const callback = typeof encoding === "function" ? encoding : written;
  if (callback) process.nextTick(callback);
  return true;
}

function turn(): Promise<undefined> {
  return new Promise((resolve) => setImmediate(() => resolve(undefined)));
}

function post(message: FromStep): void {
  parentPort?.postMessage(message);
}
