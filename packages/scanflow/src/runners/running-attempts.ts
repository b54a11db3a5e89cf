import type { RunningAttempt } from "./runner.ts";

/** The attempts that a runner follows, until they have ended. */
export class RunningAttempts {
  readonly #running = new Set<RunningAttempt>();

  keep(attempt: RunningAttempt): RunningAttempt {
    this.#running.add(attempt);
    void attempt.done.then(() => this.#running.delete(attempt));
    return attempt;
  }

  async cancelAll(): Promise<void> {
    for (const attempt of this.#running) attempt.cancel();
    await Promise.all(Array.from(this.#running, ({ done }) => done));
  }
}
