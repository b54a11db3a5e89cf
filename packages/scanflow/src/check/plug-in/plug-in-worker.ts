import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { type Checker, checkContext } from "@scanflow/checks";
import { errorCode } from "@scanflow/core";
import { hideSourceFlags } from "@scanflow/tracking/worker";
import { openDataset } from "../../data/index.ts";
import { NativeWork } from "../../native-work.ts";
import { provideScanflow } from "../../provide-scanflow.ts";
import type { PlugInAnswer, PlugInTask } from "./messages.ts";
import type { OwnThreadData } from "./own-thread.ts";

/** The thread in which a checker that somebody wrote runs; it is ended when it takes too long. */
hideSourceFlags();
provideScanflow();

async function judge({ module, name, params, inputs }: PlugInTask): Promise<PlugInAnswer> {
  const exports: Record<string, unknown> = await import(pathToFileURL(module).href);
  const checker = exports.default;
  if (typeof checker !== "function") return { kind: "not-a-checker", exports: Object.keys(exports) };
  const { current, reference, names, options, seed } = inputs;
  const window = await openDataset(current, { ...options, name: names?.current });
  const known =
    reference === null ? null : await openDataset(reference, { ...options, name: names?.reference });
  const verdict = await (checker as Checker)(window, known, checkContext(name, { params, seed }));
  return { kind: "answered", json: JSON.stringify(verdict) ?? "undefined" };
}

function threw(error: unknown): PlugInAnswer {
  if (!(error instanceof Error)) return { kind: "threw", code: null, message: String(error) };
  const code = errorCode(error) ?? null;
  return { kind: "threw", code, message: code === null ? located(error) : error.message };
}

/** What it says and where in its own file it was thrown: the frames beneath are of no help to who wrote it. */
function located({ name, message, stack = "" }: Error): string {
  const { href } = pathToFileURL(task.module);
  const frame = stack.split("\n").find((line) => line.includes(href));
  const [, place] = /:(\d+:\d+)\)?$/.exec(frame ?? "") ?? [];
  return `${name}: ${message}${place === undefined ? "" : ` (at ${place})`}`;
}

const { task, native } = workerData as OwnThreadData<PlugInTask>;
NativeWork.of(native);
const answer = await judge(task).catch(threw);
parentPort?.postMessage(answer);
