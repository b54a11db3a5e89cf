import type { TaskEnd } from "../runners/gateway.ts";
import type { RemoteAttempt } from "./remote-attempt.ts";

export type Claimed =
  | { readonly kind: "attempt"; readonly attempt: RemoteAttempt }
  | { readonly kind: "over"; readonly end: TaskEnd };

/** Brings attempts that wait for a worker and workers that wait for an attempt together, first come first served. */
export class Board {
  readonly #offered = new Map<string, RemoteAttempt[]>();
  readonly #waiting = new Map<string, Set<(claimed: Claimed) => void>>();
  readonly #ends = new Map<string, TaskEnd>();
  readonly #told = new Set<string>();
  readonly #onTold = new Set<() => void>();

  offer(attempt: RemoteAttempt): void {
    const task = planTask(attempt.offer.spec.task);
    this.#ends.delete(task);
    this.#told.delete(task);
    const [waiting] = this.#waiting.get(task) ?? [];
    if (waiting) waiting({ kind: "attempt", attempt });
    else this.#offered.set(task, [...(this.#offered.get(task) ?? []), attempt]);
  }

  /** What there is to do of a task; undefined once the signal says to wait no longer. */
  claim(task: string, signal: AbortSignal): Promise<Claimed | undefined> {
    const attempt = this.#next(task);
    if (attempt) return Promise.resolve({ kind: "attempt", attempt });
    const end = this.#ends.get(task);
    if (end) return Promise.resolve(this.#over(end));
    if (signal.aborted) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(task) ?? new Set();
      this.#waiting.set(task, waiting);
      const settle = (claimed: Claimed | undefined) => {
        waiting.delete(settle);
        signal.removeEventListener("abort", leave);
        resolve(claimed);
      };
      const leave = () => settle(undefined);
      waiting.add(settle);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  /** There is no more to do of this task. */
  end(end: TaskEnd): void {
    this.#ends.set(end.task, end);
    for (const settle of [...(this.#waiting.get(end.task) ?? [])]) settle(this.#over(end));
  }

  /** Resolves once a worker of each of these tasks has heard of its end, or when none has for so long. */
  async told(tasks: readonly string[], patienceMs: number, closing: AbortSignal): Promise<void> {
    const all = () => tasks.every((task) => this.#told.has(task));
    while (!all() && !closing.aborted) {
      const patience = AbortSignal.any([closing, AbortSignal.timeout(patienceMs)]);
      const heard = await new Promise<boolean>((resolve) => {
        const wake = () => settle(true);
        const tire = () => settle(false);
        const settle = (value: boolean) => {
          this.#onTold.delete(wake);
          patience.removeEventListener("abort", tire);
          resolve(value);
        };
        this.#onTold.add(wake);
        patience.addEventListener("abort", tire, { once: true });
      });
      if (!heard) return;
    }
  }

  #over(end: TaskEnd): Claimed {
    this.#told.add(end.task);
    for (const wake of [...this.#onTold]) wake();
    return { kind: "over", end };
  }

  #next(task: string): RemoteAttempt | undefined {
    const offered = (this.#offered.get(task) ?? []).filter(({ isOver, isClaimed }) => !isOver && !isClaimed);
    const next = offered.shift();
    if (offered.length > 0) this.#offered.set(task, offered);
    else this.#offered.delete(task);
    return next;
  }
}

/** `train[2]/fit` is an instance of `train[*]/fit`. */
function planTask(instance: string): string {
  return instance.replace(/\[\d+\]/g, "[*]");
}
