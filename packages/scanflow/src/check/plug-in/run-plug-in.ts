import { relative } from "node:path";
import { parseVerdict, type Verdict } from "@scanflow/checks";
import { ScanflowError } from "@scanflow/core";
import { startWorker } from "@scanflow/tracking/worker";
import { NativeWork } from "../../native-work.ts";
import type { CheckInputs, CheckSpec } from "../check-spec.ts";
import type { PlugInAnswer, PlugInTask, PlugInWorkerData } from "./messages.ts";
import { type Failure, plugInFailed, tooLong } from "./plug-in-failed.ts";

/** What a plug-in is run with beside its own settings. */
export interface PlugInRun {
  readonly inputs: CheckInputs;
  readonly signal: AbortSignal;
}

/**
 * Calls the default export of a module with the data, in a thread of its own.
 *
 * @throws ScanflowError SCANFLOW_PLUGIN_FAILED when it throws, ends its thread or takes too long; ChecksError
 * SCANFLOW_VERDICT_INVALID
 */
export async function runPlugIn(
  module: string,
  { name, params }: CheckSpec,
  { inputs, signal }: PlugInRun,
): Promise<Verdict> {
  const { current, reference, names, options, seed, root, timeoutMs } = inputs;
  const task: PlugInTask = { module, name, params, inputs: { current, reference, names, options, seed } };
  const failed = plugInFailed(relative(root, module));
  const answer = await answerOf(task, { failed, signal, timeoutMs });
  if (answer.kind === "answered") return parseVerdict(answer.json);
  if (answer.kind === "not-a-checker") {
    const found = answer.exports.join(", ") || "nothing";
    throw failed(
      `has no function as its default export; it exports ${found}`,
      "Write: export default (window, reference, context) => verdict",
    );
  }
  if (answer.code !== null) throw new ScanflowError(answer.code, answer.message);
  throw failed(`threw ${answer.message}\n`, "Correct it");
}

interface Waiting {
  readonly failed: Failure;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

async function answerOf(task: PlugInTask, { failed, signal, timeoutMs }: Waiting): Promise<PlugInAnswer> {
  signal.throwIfAborted();
  const native = NativeWork.below();
  const data: PlugInWorkerData = { task, native: native.states };
  const worker = startWorker("./plug-in-worker", import.meta.url, { name: "plug-in", data });
  const { promise, resolve, reject } = Promise.withResolvers<PlugInAnswer>();
  const abort = () => reject(signal.reason);
  const timer = setTimeout(() => reject(tooLong(failed, timeoutMs)), timeoutMs);
  signal.addEventListener("abort", abort, { once: true });
  worker.on("message", resolve);
  worker.on("error", (error) => reject(failed(`ended its thread: ${error.message}`, "Correct it")));
  worker.on("exit", (code) => reject(failed(`called process.exit(${code})`, "Return a verdict, or throw")));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
    await native.stop();
    await worker.terminate();
    native.close();
  }
}
