import type { Worker } from "node:worker_threads";
import { ScanflowError } from "@scanflow/core";
import { startWorker } from "@scanflow/tracking/worker";
import { NativeWork } from "../native-work.ts";
import type { InferenceAnswer, InferenceRequest, InferenceWorkerData, Numbered } from "./messages.ts";

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The worker thread with the requests that wait for its answers. */
export class InferenceThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #native = NativeWork.below();
  #asked = 0;
  #ended = false;

  constructor({ threads }: { readonly threads: number }) {
    const data: InferenceWorkerData = { threads, native: this.#native.states };
    this.#worker = startWorker("./inference-worker", import.meta.url, { data, name: "scanflow inference" });
    this.#worker.unref();
    let reason: unknown;
    this.#worker.on("message", (answer: InferenceAnswer) => this.#take(answer));
    this.#worker.on("error", (error: unknown) => {
      reason = error;
    });
    this.#worker.on("exit", (code) => {
      this.#native.close();
      this.#lose(reason ?? new Error(`it ended with ${code}`));
    });
  }

  /** Whether it can be asked no more. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The answer's value; null for a run that was stopped. @param moved buffers that are not needed here any more */
  ask(request: InferenceRequest, moved: readonly ArrayBuffer[] = []): Promise<unknown> {
    if (this.#ended) return Promise.reject(lost(new Error("it was closed")));
    return new Promise((resolve, reject) => {
      this.#asked += 1;
      this.#waiting.set(this.#asked, { resolve, reject });
      // Only while an answer is awaited may the thread keep the process alive.
      this.#worker.ref();
      this.#worker.postMessage({ id: this.#asked, request } satisfies Numbered, [...moved]);
    });
  }

  /** Ends it, at the latest after the step under way. */
  async end(): Promise<void> {
    this.#lose(new Error("it was closed"));
    await this.#native.stop();
    await this.#worker.terminate();
  }

  #take(answer: InferenceAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0 && !this.#ended) this.#worker.unref();
    if (answer.kind === "done") waiting?.resolve(answer.value);
    else if (answer.kind === "stopped") waiting?.resolve(null);
    else waiting?.reject(answer.missing ? missing(answer.reason) : failed(answer.reason));
  }

  #lose(reason: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const { reject } of this.#waiting.values()) reject(lost(reason));
    this.#waiting.clear();
  }
}

function missing(reason: string): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_INFERENCE_MISSING",
    `ONNX Runtime cannot be loaded: ${reason}. Install "onnxruntime-node" again, on a system that it supports.`,
  );
}

function failed(reason: string): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_INFERENCE_FAILED",
    `ONNX Runtime refuses: ${reason}. Check the model, and the names, types and shapes of its inputs.`,
  );
}

function lost(reason: unknown): ScanflowError {
  const text = reason instanceof Error ? reason.message : String(reason);
  return new ScanflowError(
    "SCANFLOW_INFERENCE_LOST",
    `The thread that computes is gone: ${text}. Open the model again.`,
    { cause: reason },
  );
}
