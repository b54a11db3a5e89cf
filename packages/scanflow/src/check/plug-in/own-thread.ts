import type { Worker } from "node:worker_threads";
import { startWorker } from "@scanflow/tracking/worker";
import { NativeWork } from "../../native-work.ts";
import { type Failure, tooLong } from "./plug-in-failed.ts";

/** What the thread is given in its `workerData`. */
export interface OwnThreadData<Task> {
  readonly task: Task;
  readonly native: NativeWork["states"];
}

/** How what runs in it is ended, and told of. */
export interface OwnThreadRun {
  readonly failed: Failure;
  readonly signal: AbortSignal;
  /** For one answer. */
  readonly timeoutMs: number;
  /** What it should do instead of ending its process. */
  readonly instead: string;
}

/** Where the module lies that runs in it: as it is imported, and by which file. */
export interface OwnThreadModule {
  readonly name: string;
  readonly specifier: string;
  readonly base: string;
}

/** A thread for what somebody wrote. One that hangs is ended, one that fails is told as such. */
export class OwnThread<Task, Answer> {
  readonly #worker: Worker;
  readonly #native = NativeWork.below();
  readonly #run: OwnThreadRun;
  #waiting: PromiseWithResolvers<Answer> | null = null;
  #ended: Error | null = null;

  constructor({ name, specifier, base }: OwnThreadModule, task: Task, run: OwnThreadRun) {
    const { failed, instead } = run;
    this.#run = run;
    const data: OwnThreadData<Task> = { task, native: this.#native.states };
    this.#worker = startWorker(specifier, base, { name, data });
    this.#worker.on("message", (answer: Answer) => this.#waiting?.resolve(answer));
    this.#worker.on("error", (error) =>
      this.#end(failed(`ended its thread: ${error.message}`, "Correct it")),
    );
    this.#worker.on("exit", (code) => this.#end(failed(`called process.exit(${code})`, instead)));
  }

  /**
   * The next thing that it answers; one at a time.
   *
   * @param request what it is asked; nothing where it begins by itself
   */
  async next(request?: unknown): Promise<Answer> {
    const { signal, failed, timeoutMs } = this.#run;
    signal.throwIfAborted();
    if (this.#ended !== null) throw this.#ended;
    const waiting = Promise.withResolvers<Answer>();
    this.#waiting = waiting;
    const abort = () => waiting.reject(signal.reason);
    const timer = setTimeout(() => waiting.reject(tooLong(failed, timeoutMs)), timeoutMs);
    signal.addEventListener("abort", abort, { once: true });
    try {
      if (request !== undefined) this.#worker.postMessage(request);
      return await waiting.promise;
    } finally {
      this.#waiting = null;
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    }
  }

  async close(): Promise<void> {
    await this.#native.stop();
    await this.#worker.terminate();
    this.#native.close();
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#waiting?.reject(this.#ended);
  }
}
