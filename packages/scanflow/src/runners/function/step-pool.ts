import { availableParallelism } from "node:os";
import type { CodeState } from "../code/module-code.ts";
import { StepThread } from "./step-thread.ts";

/** Threads kept warm for steps. A thread that has loaded code which changed since is not used again. */
export class StepPool {
  readonly #size: number;
  readonly #env: Readonly<Record<string, string>>;
  readonly #idle: StepThread[] = [];
  readonly #all = new Set<StepThread>();
  readonly #waiting: (() => void)[] = [];

  constructor(env: Readonly<Record<string, string>>, size = availableParallelism()) {
    this.#env = env;
    this.#size = Math.max(1, size);
  }

  /**
   * Waits for a thread that may run this module; give it back with `release`. undefined when it was no longer wanted
   * by the time there was one.
   */
  async acquire(
    module: string,
    { code, isWanted }: { code: () => CodeState; isWanted: () => boolean },
  ): Promise<StepThread | undefined> {
    while (this.#idle.length === 0 && this.#all.size >= this.#size) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    let thread: StepThread | undefined;
    try {
      if (!isWanted()) return undefined;
      const state = code();
      thread = this.#take(module, state);
      for (const [file, stamp] of state) thread.loaded.set(file, stamp);
      return thread;
    } finally {
      // Whoever waits next must not be forgotten.
      if (thread === undefined) this.#next();
    }
  }

  /** Takes a thread back, or ends it when it is not to be used again. */
  async release(thread: StepThread, reusable: boolean): Promise<void> {
    if (reusable && this.#all.has(thread)) this.#idle.push(thread);
    else await thread.end();
    this.#next();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((thread) => thread.end()));
  }

  /** A thread that has this module already, else one that may load it, else a new one in the place of an old. */
  #take(module: string, state: CodeState): StepThread {
    const usable = this.#idle.filter((thread) => isCurrent(thread, state));
    const thread = usable.find(({ loaded }) => loaded.has(module)) ?? usable[0];
    if (thread === undefined) {
      const stale = this.#idle.shift();
      if (stale) void stale.end();
      return this.#start();
    }
    this.#idle.splice(this.#idle.indexOf(thread), 1);
    return thread;
  }

  #next(): void {
    this.#waiting.shift()?.();
  }

  #start(): StepThread {
    const thread = new StepThread(this.#env, (ended) => {
      this.#all.delete(ended);
      const idle = this.#idle.indexOf(ended);
      if (idle >= 0) this.#idle.splice(idle, 1);
    });
    this.#all.add(thread);
    return thread;
  }
}

function isCurrent({ loaded }: StepThread, state: CodeState): boolean {
  for (const [file, stamp] of state) {
    const known = loaded.get(file);
    if (known !== undefined && known !== stamp) return false;
  }
  return true;
}
