import type { RunStatus } from "@scanflow/core";

/** How a run rests: it ended, or it can go no further without a person. */
export type Rest = "finished" | "waiting" | "paused";

/** null: it does not rest. */
export function restOf(status: RunStatus): Rest | null {
  if (status === "succeeded" || status === "failed" || status === "cancelled") return "finished";
  return status === "waiting" || status === "paused" ? status : null;
}

/** Those who wait for a run to rest. */
export class Resting {
  #waiters: { resolve: (rest: Rest) => void; reject: (error: unknown) => void }[] = [];

  wait(): Promise<Rest> {
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  /** Tells all who wait, once what `ready` begins is done. */
  settle(rest: Rest, ready: () => Promise<void>): void {
    const waiters = this.#waiters;
    if (waiters.length === 0) return;
    this.#waiters = [];
    ready().then(
      () => {
        for (const { resolve } of waiters) resolve(rest);
      },
      (error: unknown) => {
        for (const { reject } of waiters) reject(error);
      },
    );
  }

  fail(error: unknown): void {
    for (const { reject } of this.#waiters.splice(0)) reject(error);
  }
}
