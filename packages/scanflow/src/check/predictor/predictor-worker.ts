import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { hideSourceFlags } from "@scanflow/tracking/worker";
import { NativeWork } from "../../native-work.ts";
import { provideScanflow } from "../../provide-scanflow.ts";
import type { OwnThreadData } from "../plug-in/own-thread.ts";
import type { PredictorAnswer, PredictorTask } from "./messages.ts";

/** The thread in which a predictor that somebody wrote runs; it is ended when one of its answers takes too long. */
hideSourceFlags();
provideScanflow();

const { task, native } = workerData as OwnThreadData<PredictorTask>;
NativeWork.of(native);

function say(answer: PredictorAnswer): void {
  parentPort?.postMessage(answer);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const exports = await import(pathToFileURL(task.module).href).catch((error: unknown) => {
  say({ kind: "not-loaded", message: reasonOf(error) });
  return null;
});
if (exports !== null) {
  const { default: predict } = exports as { readonly default?: unknown };
  if (typeof predict !== "function") say({ kind: "not-a-predictor" });
  else {
    parentPort?.on("message", async (rows: unknown) => {
      try {
        say({ kind: "answered", answers: await predict(rows, { inputs: task.inputs }) });
      } catch (error) {
        say({ kind: "threw", message: reasonOf(error) });
      }
    });
    say({ kind: "ready" });
  }
}
