import { failure, type Stop } from "./outcome.ts";
import type { AttemptListener, AttemptSpec } from "./runner.ts";

/**
 * The life of one attempt: why it has to end before its time, if it does, and who is told. The first reason counts.
 */
export class Attempt {
  readonly spec: AttemptSpec;
  readonly listener: AttemptListener;
  #stop: Stop | undefined;
  readonly #onStop = new Set<(stop: Stop) => void>();
  #startTimer: NodeJS.Timeout | undefined;
  #runTimer: NodeJS.Timeout | undefined;
  #heartbeatTimer: NodeJS.Timeout | undefined;

  constructor(spec: AttemptSpec, listener: AttemptListener) {
    this.spec = spec;
    this.listener = listener;
    const { startMs } = spec.timeout;
    if (startMs === null) return;
    this.#startTimer = after(startMs, () => {
      this.stop(
        timeout(
          "START",
          spec,
          spec.service
            ? `could not be asked after ${startMs} ms`
            : `had not started after ${startMs} ms (building its environment, fetching its inputs)`,
        ),
      );
    });
  }

  get stopped(): Stop | undefined {
    return this.#stop;
  }

  stop(reason: Stop): void {
    if (this.#stop) return;
    this.#stop = reason;
    this.#clearTimers();
    for (const tell of this.#onStop) tell(reason);
    this.#onStop.clear();
  }

  /** Calls back once, at once when the attempt has been stopped already, unless the returned function was called. */
  onStop(tell: (reason: Stop) => void): () => void {
    if (this.#stop) tell(this.#stop);
    else this.#onStop.add(tell);
    return () => void this.#onStop.delete(tell);
  }

  /** Ends the wait for something that others may go on with when the attempt is stopped. */
  async unlessStopped<T>(work: Promise<T>): Promise<T> {
    const stopped = Promise.withResolvers<never>();
    const forget = this.onStop((reason) => stopped.reject(new Stopped(reason)));
    return Promise.race([work, stopped.promise]).finally(forget);
  }

  checkStopped(): void {
    if (this.#stop) throw new Stopped(this.#stop);
  }

  /**
   * The command itself has begun: its own times run from here, or from the time that is given. `beat` tells when it last
   * gave a sign of life.
   */
  started(beat: () => number, since: number = Date.now()): void {
    // A service may take the time that it has to start until it can be asked, and then stays as long as it is needed.
    if (this.spec.service) return this.listener.started();
    clearTimeout(this.#startTimer);
    const { runMs, heartbeatMs } = this.spec.timeout;
    if (runMs !== null) {
      this.#runTimer = after(since + runMs - Date.now(), () => {
        this.stop(timeout("RUN", this.spec, `ran longer than ${runMs} ms`));
      });
    }
    if (heartbeatMs !== null) this.#watchHeartbeat(heartbeatMs, beat, Date.now());
    this.listener.started();
  }

  /** A service can be asked. */
  ready(url: string): void {
    if (this.#stop) return;
    clearTimeout(this.#startTimer);
    this.listener.ready(url);
  }

  /** Nothing of the command runs any more. */
  ended(): void {
    this.#clearTimers();
  }

  #watchHeartbeat(heartbeatMs: number, beat: () => number, lastBeat: number): void {
    this.#heartbeatTimer = after(lastBeat + heartbeatMs - Date.now(), () => {
      const newest = beat();
      if (newest > lastBeat) this.#watchHeartbeat(heartbeatMs, beat, newest);
      else this.stop(timeout("HEARTBEAT", this.spec, `gave no sign of life for ${heartbeatMs} ms`));
    });
  }

  #clearTimers(): void {
    clearTimeout(this.#startTimer);
    clearTimeout(this.#runTimer);
    clearTimeout(this.#heartbeatTimer);
  }
}

/** Thrown inside an attempt to leave it; never seen outside. */
export class Stopped extends Error {
  readonly reason: Stop;

  constructor(reason: Stop) {
    super("the attempt was stopped");
    this.reason = reason;
  }
}

/** Longest delay of a timer (`setTimeout` takes 32 bits). */
const longestDelay = 2 ** 31 - 1;

function after(delayMs: number, act: () => void): NodeJS.Timeout {
  return setTimeout(act, Math.min(Math.max(0, delayMs), longestDelay));
}

function timeout(kind: "START" | "RUN" | "HEARTBEAT", { task }: AttemptSpec, what: string): Stop {
  const next = kind === "HEARTBEAT" ? "Touch SCANFLOW_HEARTBEAT_FILE more often" : "Make it faster";
  return failure(
    `SCANFLOW_TIMEOUT_${kind}`,
    `Task "${task}" ${what} and was ended. ${next}, or raise the timeout.`,
    { retryable: true },
  );
}
