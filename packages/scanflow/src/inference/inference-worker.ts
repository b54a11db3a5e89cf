import { parentPort, workerData } from "node:worker_threads";
import {
  type OnnxRuntime,
  type OnnxSession,
  onnxRuntimeOf,
  type RuntimeTensors,
} from "@scanflow/checks/onnx";
import { NativeWork } from "../native-work.ts";
import type { InferenceAnswer, InferenceRequest, InferenceWorkerData, Numbered } from "./messages.ts";

/** The thread that computes with ONNX Runtime, whose `run` holds up whatever thread it is called on. */
const { threads, native } = workerData as InferenceWorkerData;
const work = NativeWork.of(native);
const sessions = new Map<number, OnnxSession>();
let runtime: OnnxRuntime | undefined;
let opened = 0;
let last = Promise.resolve();

parentPort?.on("message", (message: Numbered) => {
  last = last.then(() => answer(message));
});

async function answer({ id, request }: Numbered): Promise<void> {
  try {
    const value = await work.during(() => perform(request));
    post({ id, kind: "done", value });
  } catch (error) {
    if (error instanceof Stopped) post({ id, kind: "stopped" });
    else {
      const reason = error instanceof Error ? error.message : String(error);
      post({ id, kind: "failed", reason, missing: runtime === undefined });
    }
  }
}

async function perform(request: InferenceRequest): Promise<unknown> {
  if (request.kind === "open") {
    runtime ??= onnxRuntimeOf((await import("onnxruntime-node")) as never, { threads });
    const session = await runtime.open(request.model, request.options);
    opened += 1;
    sessions.set(opened, session);
    return opened;
  }
  const session = sessions.get(request.session);
  if (session === undefined) throw new Error("the session is closed");
  switch (request.kind) {
    case "keep":
      return session.keep(request.values);
    case "kept":
      return session.kept(request.names);
    case "run":
      return session.run(request.steps, {
        ...(request.outputs && { outputs: request.outputs }),
        signal: signalOf(request.stop),
      });
    case "close":
      sessions.delete(request.session);
      return session.close();
  }
}

class Stopped extends Error {}

function signalOf(stop: Int32Array | undefined) {
  const aborted = () => !work.wanted || (stop !== undefined && Atomics.load(stop, 0) === 1);
  return {
    get aborted() {
      return aborted();
    },
    throwIfAborted() {
      if (aborted()) throw new Stopped("the run is no longer wanted");
    },
  };
}

/** Results are moved, not copied: the thread needs them no longer. */
function post(answer: InferenceAnswer): void {
  const value = answer.kind === "done" ? answer.value : undefined;
  const tensors = Array.isArray(value) ? (value as RuntimeTensors[]) : [];
  const buffers = tensors.flatMap((result) =>
    Object.values(result).map(({ values }) => values.buffer as ArrayBuffer),
  );
  parentPort?.postMessage(answer, buffers);
}
