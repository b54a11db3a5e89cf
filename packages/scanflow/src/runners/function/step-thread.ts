import type { Worker } from "node:worker_threads";
import { startWorker } from "@scanflow/tracking/worker";
import { NativeWork } from "../../native-work.ts";
import type { LoggedBatch } from "../runner.ts";
import type { FromStep, StepEnd, StepTask, StepWorkerData, ToStep } from "./messages.ts";
import { decodeMetric, decodeTag, frameKinds, newRing, RingReader } from "./ring.ts";

export interface StepListener {
  /** The thread takes the step up. */
  begun(): void;
  output(chunk: Buffer): void;
  logged(batch: LoggedBatch): void;
}

/** How a step ended: with an answer, or with its thread. */
export type StepExit =
  | { readonly kind: "answered"; readonly end: StepEnd }
  | { readonly kind: "lost"; readonly code: number; readonly error: Error | undefined };

interface Job {
  readonly task: StepTask;
  readonly listener: StepListener;
  readonly settle: (exit: StepExit) => void;
}

/** How often a running step's output is collected. */
const drainMs = 50;
/** Output is collected this many times before the heap is looked at. */
const drainsPerHeapSample = 5;

/** One thread for steps, with the modules that it has loaded. */
export class StepThread {
  /** Files that the thread's module cache may hold, with their state when they were loaded. */
  readonly loaded = new Map<string, string>();
  /** Whether steps in it may have started processes so far. */
  mayStart = false;
  readonly #worker: Worker;
  readonly #reader: RingReader;
  readonly #native = NativeWork.below();
  readonly #ended: Promise<void>;
  #ready = false;
  #job: Job | undefined;
  #error: Error | undefined;
  #timer: NodeJS.Timeout | undefined;
  #drains = 0;
  #aborted = false;
  #peakHeap = 0;

  constructor(env: Readonly<Record<string, string>>, ended: (thread: StepThread) => void) {
    const ring = newRing();
    this.#reader = new RingReader(ring);
    this.#worker = startWorker("./step-worker", import.meta.url, {
      data: { ring, native: this.#native.states } satisfies StepWorkerData,
      env,
      name: "scanflow step",
    });
    this.#worker.unref();
    this.#worker.on("message", (message: FromStep) => this.#take(message));
    this.#worker.on("error", (error: unknown) => {
      this.#error = error instanceof Error ? error : new Error(String(error));
    });
    this.#ended = new Promise((resolve) => {
      this.#worker.once("exit", (code) => {
        this.#native.close();
        ended(this);
        this.#settle({ kind: "lost", code, error: this.#error });
        resolve();
      });
    });
  }

  /** When a step last called `heartbeat()`, in milliseconds since the epoch. */
  get lastBeat(): number {
    return this.#reader.lastBeat;
  }

  /** Largest heap seen while the step ran, in bytes. */
  get peakHeap(): number {
    return this.#peakHeap;
  }

  run(task: StepTask, listener: StepListener): Promise<StepExit> {
    return new Promise((settle) => {
      this.#job = { task, listener, settle };
      this.#peakHeap = 0;
      this.#aborted = false;
      this.#worker.ref();
      if (this.#ready) this.#begin();
    });
  }

  abort(): void {
    this.#aborted = true;
    if (this.#ready) this.#post({ kind: "abort" });
  }

  /** Ends the thread by force, whatever it does. */
  async end(): Promise<void> {
    await this.#native.stop();
    await this.#worker.terminate();
    await this.#ended;
  }

  #begin(): void {
    const { task, listener } = this.#job ?? {};
    if (!task || !listener) return;
    listener.begun();
    this.#timer = setInterval(() => this.#look(), drainMs);
    this.#post(task);
    if (this.#aborted) this.#post({ kind: "abort" });
  }

  #take(message: FromStep): void {
    if (message.kind === "ready") {
      this.#ready = true;
      this.#begin();
    } else if (message.kind === "drain") this.#drain();
    else this.#settle({ kind: "answered", end: message });
  }

  #look(): void {
    this.#drain();
    this.#drains += 1;
    if (this.#drains % drainsPerHeapSample === 0) void this.#sampleHeap();
  }

  async #sampleHeap(): Promise<void> {
    const heap = await this.#worker.getHeapStatistics().catch(() => undefined);
    if (heap) this.#peakHeap = Math.max(this.#peakHeap, heap.used_heap_size + heap.external_memory);
  }

  #settle(exit: StepExit): void {
    clearInterval(this.#timer);
    this.#drain();
    const job = this.#job;
    this.#job = undefined;
    if (exit.kind === "answered") this.#worker.unref();
    this.mayStart = exit.kind === "lost" || exit.end.mayStart;
    job?.settle(exit);
  }

  #drain(): void {
    const listener = this.#job?.listener;
    const metrics: LoggedBatch["metrics"][number][] = [];
    const tags: LoggedBatch["tags"][number][] = [];
    this.#reader.drain((kind, content) => {
      if (kind === frameKinds.log) listener?.output(content);
      else if (kind === frameKinds.metric) metrics.push(decodeMetric(content));
      else tags.push(decodeTag(content));
    });
    if (metrics.length > 0 || tags.length > 0) listener?.logged({ metrics, tags });
  }

  #post(message: ToStep): void {
    this.#worker.postMessage(message);
  }
}
