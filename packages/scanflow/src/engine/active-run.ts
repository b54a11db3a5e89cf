import type { CacheMiss, Plan, RunEvent, RunStatus, WorkTask } from "@scanflow/core";
import { errorCode } from "@scanflow/core";
import type { Statement } from "@scanflow/tracking/store";
import type { RunningAttempt } from "../runners/runner.ts";
import { attempt as runAttempt } from "./attempt.ts";
import type { EngineRooms } from "./engine.ts";
import { Holds } from "./holds.ts";
import { planStatement } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import { mapLimits } from "./map-limits.ts";
import type { Prepared } from "./preparation.ts";
import { type Rest, Resting, restOf } from "./resting.ts";
import type { Input } from "./scheduler/input.ts";
import type { Command, Scheduler } from "./scheduler/scheduler.ts";
import { cacheStatement, keyStatements, type TaskPlace } from "./task-cache.ts";
import { WakeTimers } from "./wake-timers.ts";

type Untimed = Input extends infer I ? (I extends Input ? Omit<I, "now"> : never) : never;

/**
 * The shell round one run's scheduler. It takes inputs in the order they come, stores the events that follow from
 * them in one unit, and only then performs the commands.
 */
export class ActiveRun {
  readonly id: string;
  readonly scheduler: Scheduler;
  readonly ledger: Ledger;
  /** What it reads and has taken from the cache, until it ends. */
  readonly holds: Holds;
  readonly #rooms: EngineRooms;
  readonly #place: (task: string) => TaskPlace;
  readonly #planText: { digest: string; text: string } | null;
  /** Tasks that may be opened, in order. */
  readonly #closed = new Set<string>();
  readonly #opening = new Map<string, Prepared | null>();
  readonly #starting = new Map<string, { prepared: Prepared; seq: number }>();
  readonly #running = new Map<string, RunningAttempt>();
  readonly #stopped = new Set<string>();
  readonly #timers = new WakeTimers();
  readonly #listeners = new Set<(events: readonly RunEvent[]) => void>();
  readonly #resting = new Resting();
  #inputs: Input[] = [];
  #draining = false;
  #lastSeq = 0;
  #failure: unknown = null;

  constructor(
    rooms: EngineRooms,
    scheduler: Scheduler,
    ledger: Ledger,
    /** The plan's text, for a run that is new. */
    planText: { digest: string; text: string } | null,
  ) {
    this.id = scheduler.state.run;
    this.scheduler = scheduler;
    this.ledger = ledger;
    this.holds = new Holds(rooms.artifacts);
    this.#rooms = rooms;
    this.#planText = planText;
    const { application, workflow } = scheduler.plan;
    this.#place = (task) => ({ application, workflow, task });
  }

  get plan(): Plan {
    return this.scheduler.plan;
  }

  get status(): RunStatus {
    const { status, tasks } = this.scheduler.state;
    if (status !== "running" || this.#busy) return status;
    return tasks.some((task) => task.status === "waiting") ? "waiting" : "running";
  }

  /** Hears of stored events, in order. */
  onEvents(listener: (events: readonly RunEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  send(input: Untimed): void {
    if (this.#failure) return;
    this.#inputs.push({ ...input, now: this.#rooms.now() } as Input);
    if (this.#draining) return;
    this.#draining = true;
    setImmediate(() => void this.#drain());
  }

  /** Resolves, with all trackers up to date, when the run has ended, is paused with nothing under way, or waits for a person. */
  rest(): Promise<Rest> {
    if (this.#failure) return Promise.reject(this.#failure);
    const rest = this.#resting.wait();
    this.#wakeResting();
    return rest;
  }

  /** Ends what runs without recording anything: the next owner takes the run up. */
  async abandon(): Promise<void> {
    this.#failure ??= new Error("the engine was closed");
    this.#timers.clear();
    const running = [...this.#running.values()];
    for (const one of running) one.cancel();
    await Promise.all(running.map((one) => one.done));
    await this.ledger.close();
  }

  get #busy(): boolean {
    return (
      this.#draining ||
      this.#inputs.length > 0 ||
      this.#opening.size > 0 ||
      this.#closed.size > 0 ||
      this.#starting.size > 0 ||
      this.#running.size > 0 ||
      this.#timers.size > 0
    );
  }

  async #drain(): Promise<void> {
    try {
      while (this.#inputs.length > 0) {
        const inputs = this.#inputs;
        this.#inputs = [];
        await this.#process(inputs);
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#draining = false;
      this.#wakeResting();
    }
  }

  async #process(inputs: readonly Input[]): Promise<void> {
    const events: RunEvent[] = [];
    const commands: Command[] = [];
    const extra: Statement[] = [];
    for (const input of inputs) {
      const decision = this.scheduler.handle(input, (body) =>
        this.#rooms.journal.stamp(this.id, input.now, body),
      );
      for (const event of decision.events) extra.push(...this.#belonging(event));
      if (input.kind === "admitted" || input.kind === "cache-hit" || input.kind === "refused") {
        this.#opened(
          input.task,
          decision.commands.some((command) => command.kind === "start"),
        );
      }
      events.push(...decision.events);
      commands.push(...decision.commands);
    }
    if (events.length > 0) {
      this.#lastSeq = events.at(-1)?.seq ?? this.#lastSeq;
      // A function step dies with its owner, so it may begin while its event is being stored: it leaves nothing that
      // the next owner would have to know of. A process is started only once its attempt is on record.
      const early = commands.filter((command) => this.#mayBeginEarly(command));
      for (const command of early) this.#perform(command);
      this.#rooms.probe?.("journal:before", events);
      await this.#rooms.journal.append(events, extra);
      this.#rooms.probe?.("journal:after", events);
      this.ledger.deliver(events);
      for (const listener of this.#listeners) listener(events);
    }
    for (const command of commands) if (!this.#mayBeginEarly(command)) this.#perform(command);
  }

  #mayBeginEarly(command: Command): boolean {
    return command.kind === "start" && this.scheduler.task(command.task).run.kind === "module";
  }

  /** The opening of a task came to an end: it starts, or it gives back what it held. */
  #opened(task: string, starts: boolean): void {
    this.#opening.delete(task);
    this.#openMore();
    if (!starts) this.#rooms.allocator.release(this.#slot(task));
  }

  /** Rows that are stored together with an event. */
  #belonging(event: RunEvent): Statement[] {
    if (event.event === "run-created" && this.#planText) {
      return [planStatement(this.#planText.digest, this.#planText.text)];
    }
    if (event.event === "attempt-started") {
      const prepared = this.#opening.get(event.task);
      if (!prepared) return [];
      this.#starting.set(event.task, { prepared, seq: event.seq });
      const { key, parts } = prepared;
      return keyStatements(this.#place(event.task), { run: this.id, attempt: event.attempt, key, parts });
    }
    if (event.event === "attempt-succeeded") {
      const { task, attempt, outputs, result, metrics } = event;
      const key = this.#keys.get(task);
      this.#keys.delete(task);
      if (key === undefined || !this.scheduler.task(task).cache) return [];
      return [
        cacheStatement(key, { from: { run: this.id, task, attempt }, outputs, result, metrics }, event.time),
      ];
    }
    return [];
  }

  /** The key with which the running attempt of a task really started. */
  readonly #keys = new Map<string, string>();

  #perform(command: Command): void {
    switch (command.kind) {
      case "open":
        this.#closed.add(command.task);
        return this.#openMore();
      case "start":
        void this.#start(command);
        return;
      case "stop":
        this.#stopped.add(command.token);
        this.#running.get(command.task)?.cancel();
        return;
      case "wake":
        this.#timers.after(command.at - this.#rooms.now(), () => this.send({ kind: "wake" }));
        return;
      case "finished":
        return;
    }
  }

  /** Opens tasks up to a number, so that a wide run keeps little in memory. */
  #openMore(): void {
    for (const task of this.#closed) {
      if (this.#opening.size >= MOST_OPEN) return;
      this.#closed.delete(task);
      if (this.#opening.has(task)) continue;
      this.#opening.set(task, null);
      void this.#open(task);
    }
  }

  async #open(task: string): Promise<void> {
    try {
      const work = this.scheduler.task(task);
      const given = this.scheduler.attemptInputs(task);
      const { inputs: fixed = {} } = this.scheduler.state.created ?? {};
      const prepared = await this.#rooms.preparation.prepare(work, given, { fixed, holds: this.holds });
      const miss = await this.#lookUp(task, work, prepared);
      if (miss === null) return;
      const impossible = this.#rooms.allocator.impossible(work.resources);
      if (impossible !== null) {
        const message = `Task "${task}" can never start here: ${impossible}. Ask for less, or run it on a larger machine.`;
        return this.send({ kind: "refused", task, message });
      }
      this.#opening.set(task, prepared);
      const key = work.cache ? prepared.key : null;
      const grant = () => this.send({ kind: "admitted", task, key, miss });
      this.#rooms.allocator.request(
        this.#slot(task),
        work.resources,
        grant,
        mapLimits(this.plan, work, { run: this.id, task }),
      );
    } catch (error) {
      if (errorCode(error) === undefined || !(error instanceof Error)) return this.#fail(error);
      this.send({ kind: "refused", task, message: error.message });
    }
  }

  /** null: the cache had it. */
  async #lookUp(task: string, work: WorkTask, prepared: Prepared): Promise<CacheMiss | null> {
    if (!work.cache || this.scheduler.state.created?.cache !== true) return { reason: "off", changed: [] };
    if (this.scheduler.taskState(task).attempts > 0) return { reason: "retry", changed: [] };
    const found = await this.#rooms.cache.find(prepared.key, this.holds);
    if (found.hit) {
      this.send({ kind: "cache-hit", task, key: prepared.key, hit: found.hit });
      return null;
    }
    if (found.lost) return { reason: "artifact-lost", changed: [] };
    return this.#rooms.cache.explain(this.#place(task), prepared.parts);
  }

  async #start({ task, attempt, token }: Extract<Command, { kind: "start" }>): Promise<void> {
    const starting = this.#starting.get(task);
    if (!starting) throw new Error(`task "${task}" starts unprepared`);
    try {
      const input = await runAttempt({
        run: this,
        rooms: this.#rooms,
        ...starting,
        place: { task, attempt, token },
        stopped: () => this.#stopped.has(token),
        running: (running, key) => {
          this.#keys.set(task, key);
          this.#running.set(task, running);
        },
      });
      this.#running.delete(task);
      this.#starting.delete(task);
      this.#stopped.delete(token);
      this.#rooms.allocator.release(this.#slot(task));
      this.send(input);
    } catch (error) {
      this.#fail(error);
    }
  }

  #slot(task: string): string {
    return `${this.id} ${task}`;
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#timers.clear();
    for (const running of this.#running.values()) running.cancel();
    this.#resting.fail(this.#failure);
  }

  #wakeResting(): void {
    if (this.#busy) return;
    const rest = restOf(this.status);
    if (rest !== null) this.#resting.settle(rest, this.ledger.reached(this.#lastSeq));
  }
}

/** Enough to keep any machine busy while the cache is asked about those behind. */
const MOST_OPEN = 512;
