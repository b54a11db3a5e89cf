import { setTimeout as wait } from "node:timers/promises";

export interface LifeOptions {
  /** How long a sign of life is kept waiting. */
  readonly beatMs: number;
  /** How long the command may be silent; null: for ever. Signs of life also say when it last was not. */
  readonly heartbeatMs: number | null;
  /** Aborted once the attempt is over. */
  readonly over: AbortSignal;
  /** Told when there was none for three times as long. */
  readonly lost: (silentMs: number) => void;
}

/** The signs of life of whoever carries an attempt out. */
export class Life {
  readonly #options: LifeOptions;
  /** Signs that wait for their answer: while one does, its sender is there. */
  #waiting = 0;
  /**
   * How often it was looked without anybody there. Not a time: when this process itself was stopped (a laptop that
   * slept) or its clock was set, nobody else was silent.
   */
  #silentLooks = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LifeOptions) {
    this.#options = options;
  }

  /** From now on they are expected. */
  watch(): void {
    this.#timer ??= setInterval(() => this.#look(), this.#options.beatMs);
  }

  /** Somebody is there. */
  contact(): void {
    this.#silentLooks = 0;
  }

  /** Keeps one waiting until the next is due, it is woken, or its sender has gone. */
  async beat({ woken, gone }: { woken: AbortSignal; gone: AbortSignal }): Promise<void> {
    const { beatMs, heartbeatMs } = this.#options;
    this.contact();
    this.#waiting += 1;
    const signal = AbortSignal.any([woken, gone, this.#options.over]);
    const due = heartbeatMs === null ? beatMs : Math.min(beatMs, heartbeatMs / 3);
    await wait(due, undefined, { signal }).catch(() => undefined);
    this.#waiting -= 1;
    if (!gone.aborted) this.contact();
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (this.#waiting > 0) return;
    this.#silentLooks += 1;
    const { beatMs, lost } = this.#options;
    if (this.#silentLooks > 3) lost(this.#silentLooks * beatMs);
  }
}
