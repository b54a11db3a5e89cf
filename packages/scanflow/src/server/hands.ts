import { setTimeout as pause } from "node:timers/promises";
import { ScanflowError } from "@scanflow/core";

/** How long one who follows a run may take to read its end. */
const patienceMs = 5000;

/** What the owner has in hand: requests that may make a run active, and runs until they rest. */
export class Hands {
  readonly #closing: AbortSignal;
  readonly #requests = new Set<Promise<unknown>>();
  readonly #runs = new Set<Promise<unknown>>();
  readonly #followers = new Set<Promise<unknown>>();

  constructor(closing: AbortSignal) {
    this.#closing = closing;
  }

  get busy(): boolean {
    return this.#requests.size > 0 || this.#runs.size > 0;
  }

  /** Takes a request on. Errors: SCANFLOW_OWNER_CLOSING. */
  async taking<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing.aborted) {
      throw new ScanflowError(
        "SCANFLOW_OWNER_CLOSING",
        "The owner is about to end and takes nothing on. Run the command again.",
      );
    }
    const done = work();
    keep(this.#requests, done);
    return done;
  }

  hold(rest: Promise<unknown>): void {
    keep(this.#runs, rest);
  }

  attend(heard: Promise<unknown>): void {
    keep(this.#followers, heard);
  }

  /** Resolves when no request is being taken on. */
  async taken(): Promise<void> {
    while (this.#requests.size > 0) await Promise.all(this.#requests);
  }

  /** Resolves when nothing is in hand, and those who followed a run have heard its end. */
  async idle(): Promise<void> {
    do {
      while (this.busy) await Promise.all([...this.#requests, ...this.#runs]);
      if (this.#followers.size === 0) return;
      const patience = new AbortController();
      const tired = pause(patienceMs, undefined, { signal: patience.signal }).catch(() => {});
      await Promise.race([Promise.all(this.#followers), tired]);
      patience.abort();
      // Something may have been taken on meanwhile.
    } while (this.busy);
  }
}

function keep(set: Set<Promise<unknown>>, work: Promise<unknown>): void {
  const over = work.then(
    () => {},
    () => {},
  );
  set.add(over);
  void over.then(() => set.delete(over));
}
