import type { Worker } from "node:worker_threads";
import { TrackingError } from "../errors.ts";
import { fromWireError } from "./store-error.ts";
import type { Reply, Request } from "./wire.ts";

interface Waiting {
  resolve: (value: never) => void;
  reject: (error: Error) => void;
}

/**
 * Calls into one database thread. When the thread ends, every waiting and later call rejects with
 * SCANFLOW_STORE_WORKER_LOST. The thread keeps the process alive only while a call waits.
 */
export class Link {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;
  #lost: Error | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on("message", (reply: Reply) => this.#settle(reply));
    worker.on("error", (cause) => this.#lose(cause));
    worker.on("exit", () => this.#lose(undefined));
  }

  get load(): number {
    return this.#waiting.size;
  }

  /** Resolves when the thread has opened its database; rejects with the reason when it could not. */
  ready(): Promise<void> {
    return this.#wait(0);
  }

  call<T>(request: Request): Promise<T> {
    if (this.#lost) return Promise.reject(this.#lost);
    const call = ++this.#calls;
    this.#worker.postMessage({ call, request });
    return this.#wait(call);
  }

  async close(): Promise<void> {
    if (!this.#lost) await this.call({ kind: "close" });
    await this.#worker.terminate();
  }

  #wait<T>(call: number): Promise<T> {
    if (this.#waiting.size === 0) this.#worker.ref();
    return new Promise((resolve, reject) => this.#waiting.set(call, { resolve, reject }));
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.call);
    this.#waiting.delete(reply.call);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ("error" in reply) waiting?.reject(fromWireError(reply.error));
    else waiting?.resolve(reply.value as never);
  }

  #lose(cause: unknown): void {
    this.#lost ??= new TrackingError(
      "SCANFLOW_STORE_WORKER_LOST",
      `The database thread ended${cause instanceof Error ? ` (${cause.message})` : ""}. What was not answered may or may not be stored: open the store again and look.`,
      { cause },
    );
    for (const { reject } of this.#waiting.values()) reject(this.#lost);
    this.#waiting.clear();
  }
}
