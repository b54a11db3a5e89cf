/** Calls to be made at times to come. */
export class WakeTimers {
  readonly #timers = new Set<NodeJS.Timeout>();

  get size(): number {
    return this.#timers.size;
  }

  after(delayMs: number, call: () => void): void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        call();
      },
      Math.max(0, delayMs),
    );
    this.#timers.add(timer);
  }

  /** No call is made any more. */
  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
