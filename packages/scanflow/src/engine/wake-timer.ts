/** One call to be made at a time to come. The earliest time asked for counts: whoever wakes asks again for the next. */
export class WakeTimer {
  #timer: NodeJS.Timeout | undefined;
  #time = Number.POSITIVE_INFINITY;

  /** Whether a call is to be made. */
  get set(): boolean {
    return this.#timer !== undefined;
  }

  /** Asks for a call at a time; both times in milliseconds since the epoch. */
  at(time: number, now: number, call: () => void): void {
    if (time >= this.#time) return;
    this.clear();
    this.#time = time;
    this.#timer = setTimeout(
      () => {
        this.clear();
        call();
      },
      Math.min(Math.max(0, time - now), LONGEST_MS),
    );
  }

  /** No call is made any more. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#time = Number.POSITIVE_INFINITY;
  }
}

/** `setTimeout` takes 32 bits. */
const LONGEST_MS = 2 ** 31 - 1;
