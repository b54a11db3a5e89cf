import { getEnvironmentData, setEnvironmentData } from "node:worker_threads";

/** Two numbers that threads share: how many of them may be in native code, and 1 once no more of it is wanted. */
type State = Int32Array<SharedArrayBuffer>;
const busy = 0;
const unwanted = 1;

const inherited = "scanflow native work";
/** How long the end of a thread, or of the process, waits for the piece of native work under way. */
const longestPieceMs = 10_000;

/**
 * Native work in threads that may have to end at any time. A binding that finds its thread torn down when its function
 * returns throws where nobody can catch it, and that aborts the whole process (seen with onnxruntime-node 1.30.0). So
 * the thread that computes tells when it is in native code (`during`), and who ends it, or a thread above it, stops
 * the work first (`stop`), which waits for the piece under way. The exit of the process waits the same way.
 */
export class NativeWork {
  /** What crosses to a worker, in its `workerData`. */
  readonly states: readonly State[];

  private constructor(states: readonly State[]) {
    this.states = states;
  }

  /** For a thread that this one starts; what the threads above this one stop, is stopped there too. */
  static below(): NativeWork {
    const work = new NativeWork([new Int32Array(new SharedArrayBuffer(8)), ...above()]);
    if (open.size === 0) process.on("exit", stopAll);
    open.add(work);
    return work;
  }

  /** In the thread itself: what it was given. Threads that it starts come under it as well. */
  static of(states: readonly State[]): NativeWork {
    setEnvironmentData(inherited, states);
    return new NativeWork(states);
  }

  /** Whether work goes on: no thread above has stopped it. */
  get wanted(): boolean {
    return this.states.every((state) => Atomics.load(state, unwanted) === 0);
  }

  /** Does it unless it is unwanted by then. @returns undefined then */
  async during<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
    for (const state of this.states) Atomics.add(state, busy, 1);
    try {
      // Looked at only now: who stops the work has either been seen here, or sees that this thread is busy.
      return this.wanted ? await work() : undefined;
    } finally {
      for (const state of this.states) {
        if (Atomics.sub(state, busy, 1) === 1) Atomics.notify(state, busy);
      }
    }
  }

  /** Lets no more of it begin, and waits for what is under way. */
  async stop(): Promise<void> {
    const [own] = this.states;
    if (own === undefined) return;
    Atomics.store(own, unwanted, 1);
    const deadline = Date.now() + longestPieceMs;
    // What waits for shared memory keeps no process alive; a timer does.
    const alive = setTimeout(() => {}, longestPieceMs);
    for (let count = Atomics.load(own, busy); count > 0; count = Atomics.load(own, busy)) {
      const left = deadline - Date.now();
      if (left <= 0) break;
      await Atomics.waitAsync(own, busy, count, left).value;
    }
    clearTimeout(alive);
  }

  /** The thread has ended. */
  close(): void {
    open.delete(this);
    if (open.size === 0) process.off("exit", stopAll);
  }
}

const open = new Set<NativeWork>();

function above(): readonly State[] {
  return (getEnvironmentData(inherited) as readonly State[] | undefined) ?? [];
}

function stopAll(): void {
  const states = [...open].flatMap(({ states: [own] }) => own ?? []);
  for (const state of states) Atomics.store(state, unwanted, 1);
  const deadline = Date.now() + longestPieceMs;
  for (const state of states) {
    for (let count = Atomics.load(state, busy); count > 0; count = Atomics.load(state, busy)) {
      const left = deadline - Date.now();
      if (left <= 0) return;
      Atomics.wait(state, busy, count, left);
    }
  }
}
