import type { RunEvent } from "@scanflow/core";
import type { RunningAttempt } from "../runners/runner.ts";
import type { ActiveRun } from "./active-run.ts";
import { adoptAttempts } from "./adoption.ts";
import { type AttemptAnswer, attempt as runAttempt } from "./attempt.ts";
import type { EngineRooms } from "./engine.ts";
import type { Prepared } from "./preparation.ts";
import type { Answer, Untimed } from "./scheduler/input.ts";
import type { Command } from "./scheduler/scheduler.ts";

export interface AttemptsOptions {
  readonly run: ActiveRun;
  readonly rooms: EngineRooms;
  /** Name of a task's share of the machine. */
  readonly slot: (task: string) => string;
  /** Told when an attempt runs, with the key of its work. */
  readonly runs: (task: string, key: string) => void;
  readonly send: (input: Untimed) => void;
  readonly fail: (error: unknown) => void;
  /** Whether the run can go no further. */
  readonly broken: () => boolean;
}

interface Starting {
  readonly prepared: Prepared;
  /** Of its `attempt-started`. */
  readonly seq: number;
}

/** The attempts of a run, from their record to their answer. */
export class Attempts {
  readonly #options: AttemptsOptions;
  readonly #starting = new Map<string, Starting>();
  readonly #running = new Map<string, RunningAttempt>();
  readonly #stopped = new Set<string>();
  /** Services that can be asked and may stay: nobody waits for their end. */
  readonly #up = new Set<string>();
  /** From their start to their answer. */
  readonly #starts = new Set<Promise<void>>();

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  /** Whether something is under way that will come to an end by itself. */
  get busy(): boolean {
    if (this.#up.size === 0) return this.#starting.size > 0 || this.#running.size > 0;
    const tasks = [...this.#starting.keys(), ...this.#running.keys()];
    return tasks.some((task) => !this.#up.has(task));
  }

  /** The task is on record as started. */
  expect(task: string, starting: Starting): void {
    this.#starting.set(task, starting);
  }

  start(command: Extract<Command, { kind: "start" }>): void {
    this.#follow(this.#start(command));
  }

  stop(task: string, token: string): void {
    this.#stopped.add(token);
    this.#up.delete(task);
    this.#running.get(task)?.cancel();
  }

  /** Attempts that the platform still has go on; `resume` is told of them before they are heard of. */
  async adopt(events: readonly RunEvent[], resume: (tokens: readonly string[]) => void): Promise<void> {
    const { run, rooms, slot } = this.#options;
    const running = (task: string, attempt: RunningAttempt, key: string) => this.#runs(task, attempt, key);
    const stopped = (token: string) => this.#stopped.has(token);
    const early: [Answer, string][] = [];
    let ready = (place: Answer, url: string): void => {
      early.push([place, url]);
    };
    const adopted = await adoptAttempts({
      ...{ run, rooms, events, running, stopped },
      ready: (place, url) => ready(place, url),
    });
    resume(adopted.map(({ token }) => token));
    for (const { task, token, answer } of adopted) {
      rooms.allocator.request(slot(task), run.scheduler.task(task).resources, () => undefined);
      this.#follow(this.#answered(task, token, answer()));
    }
    ready = (place, url) => this.#ready(place, url);
    for (const [place, url] of early) ready(place, url);
  }

  /** Ends what runs; what was about to start gives its share of the machine back. */
  cancel(): void {
    const { rooms, slot } = this.#options;
    for (const task of this.#starting.keys()) {
      if (!this.#running.has(task)) rooms.allocator.release(slot(task));
    }
    for (const running of this.#running.values()) running.cancel();
  }

  /** Resolves when all have answered. */
  async ended(): Promise<void> {
    await Promise.all(this.#starts);
  }

  #follow(work: Promise<void>): void {
    const start = work.finally(() => this.#starts.delete(start));
    this.#starts.add(start);
  }

  async #start({ task, attempt, token }: Extract<Command, { kind: "start" }>): Promise<void> {
    const { run, rooms, broken } = this.#options;
    const starting = this.#starting.get(task);
    if (!starting) throw new Error(`task "${task}" starts unprepared`);
    const answer = runAttempt({
      run,
      rooms,
      ...starting,
      place: { task, attempt, token },
      stopped: () => broken() || this.#stopped.has(token),
      running: (running, key) => this.#runs(task, running, key),
      ready: (url) => this.#ready({ task, attempt, token }, url),
    });
    await this.#answered(task, token, answer);
  }

  /** Its share of the machine is free again: what asks it must not wait for it. */
  #ready(place: Answer, url: string): void {
    const { rooms, slot, send } = this.#options;
    if (this.#stopped.has(place.token)) return;
    this.#up.add(place.task);
    rooms.allocator.release(slot(place.task));
    send({ kind: "ready", ...place, url });
  }

  #runs(task: string, running: RunningAttempt, key: string): void {
    this.#options.runs(task, key);
    this.#running.set(task, running);
  }

  async #answered(task: string, token: string, answer: Promise<AttemptAnswer>): Promise<void> {
    const { rooms, slot, send, fail } = this.#options;
    try {
      const input = await answer;
      this.#running.delete(task);
      this.#starting.delete(task);
      this.#stopped.delete(token);
      this.#up.delete(task);
      send(input);
      // Behind its end, so that the record has no task start on a share before it was given back.
      rooms.allocator.release(slot(task));
    } catch (error) {
      rooms.allocator.release(slot(task));
      fail(error);
    }
  }
}
