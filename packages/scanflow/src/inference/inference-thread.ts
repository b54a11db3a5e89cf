import type { Worker } from "node:worker_threads";
import { ScanflowError } from "@scanflow/core";
import { startWorker } from "@scanflow/tracking/worker";
import {
  busy,
  ended,
  type InferenceAnswer,
  type InferenceRequest,
  type InferenceWorkerData,
  type Numbered,
  type ThreadState,
} from "./messages.ts";

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** How long the process waits, when it ends in the middle of a run, for the step under way. */
const lastStepMs = 10_000;

const running = new Set<ThreadState>();

function waitForAll(): void {
  for (const state of running) Atomics.store(state, ended, 1);
  for (const state of running) Atomics.wait(state, busy, 1, lastStepMs);
}

/**
 * The worker thread with the requests that wait for its answers. It is never terminated: ONNX Runtime's binding throws
 * when its thread is torn down under it, which aborts the whole process (seen with onnxruntime-node 1.30.0). It is
 * asked to end, stops between two steps, and the exit of the process waits for that too.
 */
export class InferenceThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #shared: ThreadState = new Int32Array(new SharedArrayBuffer(8));
  readonly #gone: Promise<void>;
  #asked = 0;
  #ended = false;

  constructor({ threads }: { readonly threads: number }) {
    const data: InferenceWorkerData = { threads, shared: this.#shared };
    this.#worker = startWorker("./inference-worker", import.meta.url, { data, name: "scanflow inference" });
    this.#worker.unref();
    let reason: unknown;
    this.#worker.on("message", (answer: InferenceAnswer) => this.#take(answer));
    this.#worker.on("error", (error: unknown) => {
      reason = error;
    });
    if (running.size === 0) process.on("exit", waitForAll);
    running.add(this.#shared);
    this.#gone = new Promise((resolve) => {
      this.#worker.on("exit", (code) => {
        running.delete(this.#shared);
        if (running.size === 0) process.off("exit", waitForAll);
        this.#lose(reason ?? new Error(`it ended with ${code}`));
        resolve();
      });
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

  /** Asks it to end, and waits until it has: at most for the step under way. */
  async end(): Promise<void> {
    if (!this.#ended) {
      Atomics.store(this.#shared, ended, 1);
      this.#lose(new Error("it was closed"));
      this.#worker.ref();
      this.#worker.postMessage({ id: 0, request: { kind: "end" } } satisfies Numbered);
    }
    await this.#gone;
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
