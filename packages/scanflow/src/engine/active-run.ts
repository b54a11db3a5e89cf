import type { Plan, RunEvent, RunStatus } from "@scanflow/core";
import type { Statement } from "@scanflow/tracking/store";
import { Attempts } from "./attempts.ts";
import type { EngineRooms } from "./engine.ts";
import { EventRows, type PlanText } from "./event-rows.ts";
import { Holds } from "./holds.ts";
import type { Ledger } from "./ledger.ts";
import { Openings } from "./openings.ts";
import { type Rest, Resting, restOf } from "./resting.ts";
import type { Input, Untimed } from "./scheduler/input.ts";
import type { Command, Decision, Scheduler } from "./scheduler/scheduler.ts";
import { tidyRun } from "./tidy-run.ts";
import { WakeTimer } from "./wake-timer.ts";

interface Step {
  readonly inputs: readonly Input[];
  readonly events: RunEvent[];
  readonly commands: Command[];
  /** What is stored together with the events. */
  readonly rows: Statement[];
}

/** Steps made of these alone nobody waits for: they are stored a few at a time. */
const IN_PASSING: ReadonlySet<Input["kind"]> = new Set(["admitted", "succeeded", "cache-hit"]);

/**
 * The shell round one run's scheduler. It takes inputs in the order they come, stores the events that follow from
 * them, and starts and stops processes only then.
 */
export class ActiveRun {
  readonly id: string;
  readonly scheduler: Scheduler;
  readonly ledger: Ledger;
  /** What it reads and has taken from the cache, until it ends. */
  readonly holds: Holds;
  readonly #rooms: EngineRooms;
  readonly #rows: EventRows;
  readonly #openings: Openings;
  readonly #attempts: Attempts;
  readonly #timer = new WakeTimer();
  readonly #listeners = new Set<(events: readonly RunEvent[]) => void>();
  readonly #onBroken = new Set<() => void>();
  readonly #resting = new Resting();
  #inputs: Input[] = [];
  #deciding = false;
  #decided: Promise<void> = Promise.resolve();
  /** Steps that are decided and not yet stored. */
  readonly #storing = new Set<Promise<void>>();
  #lastSeq = 0;
  #failure: unknown = null;

  constructor(
    rooms: EngineRooms,
    scheduler: Scheduler,
    ledger: Ledger,
    /** For a run that is new. */
    planText: PlanText | null,
  ) {
    this.id = scheduler.state.run;
    this.scheduler = scheduler;
    this.ledger = ledger;
    this.holds = new Holds(rooms.artifacts);
    this.#rooms = rooms;
    this.#rows = new EventRows(scheduler, planText);
    const send = (input: Untimed) => this.send(input);
    const fail = (error: unknown) => this.#fail(error);
    this.#openings = new Openings({ rooms, scheduler, holds: this.holds, send, fail });
    this.#attempts = new Attempts({
      ...{ run: this, rooms, send, fail },
      slot: (task) => this.#openings.slot(task),
      runs: (task, key) => this.#rows.runs(task, key),
      broken: () => this.#failure !== null,
    });
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
    if (this.#deciding) return;
    this.#deciding = true;
    this.#decided = new Promise((resolve) => setImmediate(() => resolve(this.#decide())));
  }

  /** A new owner takes the run up: attempts that the platform still has go on, all others are lost. */
  resume(owner: string, events: readonly RunEvent[]): Promise<void> {
    return this.#attempts.adopt(events, (adopted) => this.send({ kind: "resume", owner, adopted }));
  }

  /** Hears when the run can go no further because what it rests on failed. */
  onBroken(listener: () => void): void {
    this.#onBroken.add(listener);
  }

  /** Resolves, with all trackers up to date, when the run has ended, is paused with nothing under way, or waits for a person. */
  rest(): Promise<Rest> {
    if (this.#failure) return Promise.reject(this.#failure);
    const rest = this.#resting.wait();
    this.#wakeResting();
    return rest;
  }

  /** Resolves once all that it was sent so far is stored: what is promised to somebody then outlives this process. */
  async stored(): Promise<void> {
    await this.#decided;
    await Promise.all(this.#storing);
    if (this.#failure) throw this.#failure;
  }

  /** Ends what runs without recording anything: the next owner takes the run up. */
  async abandon(): Promise<void> {
    this.#failure ??= new Error("the engine was closed");
    this.#timer.clear();
    this.#attempts.cancel();
    await this.#decided;
    await Promise.all(this.#storing);
    await this.#attempts.ended();
    await this.ledger.close();
  }

  get #busy(): boolean {
    return (
      this.#deciding ||
      this.#storing.size > 0 ||
      this.#openings.size > 0 ||
      this.#attempts.busy ||
      this.#timer.set
    );
  }

  /** Decides on what came in the meantime; what harms nothing begins while the step is being stored. */
  #decide(): void {
    this.#deciding = false;
    const inputs = this.#inputs;
    this.#inputs = [];
    const step: Step = { inputs, events: [], commands: [], rows: [] };
    try {
      for (const input of inputs) {
        const decision = this.scheduler.handle(input, (body) =>
          this.#rooms.journal.stamp(this.id, input.now, body),
        );
        for (const event of decision.events) step.rows.push(...this.#belonging(event));
        this.#endOpenings(input, decision);
        step.events.push(...decision.events);
        step.commands.push(...decision.commands);
      }
      const storing = this.#store(step)
        .catch((error) => this.#fail(error))
        .finally(() => {
          this.#storing.delete(storing);
          this.#wakeResting();
        });
      this.#storing.add(storing);
      for (const command of step.commands) if (!this.#needsRecord(command)) this.#perform(command);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #store({ inputs, events, commands, rows }: Step): Promise<void> {
    const waiting = commands.filter((command) => this.#needsRecord(command));
    if (events.length > 0) {
      this.#lastSeq = events.at(-1)?.seq ?? this.#lastSeq;
      this.#rooms.probe?.("journal:before", events);
      // A process waits for its tracker run: its row goes along with its event.
      const rowsNow = waiting.some(({ kind }) => kind === "start");
      const inPassing = waiting.length === 0 && inputs.every(({ kind }) => IN_PASSING.has(kind));
      await this.#rooms.journal.append(events, rows, {
        soon: !inPassing,
        along: (stored) => this.ledger.follow(events, { stored, rowsNow }),
      });
      this.#rooms.probe?.("journal:after", events);
      for (const listener of this.#listeners) listener(events);
      this.#rooms.runner.heed?.({ run: this.id, plan: this.plan, tasks: this.scheduler.state.tasks });
    }
    if (!this.#failure) for (const command of waiting) this.#perform(command);
  }

  /** What was on its way to start has started, was decided otherwise, or must wait until the run goes on. */
  #endOpenings(input: Input, { events, commands }: Decision): void {
    if (input.kind === "admitted" || input.kind === "cache-hit" || input.kind === "refused") {
      this.#openings.end(
        input.task,
        commands.some((command) => command.kind === "start"),
      );
    }
    for (const event of events) {
      if (event.event === "run-paused" || event.event === "run-finished") this.#letGo();
      // Cancelled, or behind a service that failed for good after all.
      if (event.event === "task-skipped") this.#openings.end(event.task, false);
    }
  }

  /** Nothing is waited for any more: no retry's time, no share of the machine. */
  #letGo(): void {
    this.#timer.clear();
    this.#openings.endAll();
  }

  /** What goes on when the owner is killed is started only once its attempt is on record. */
  #needsRecord(command: Command): boolean {
    if (command.kind !== "start") return command.kind === "stop";
    return this.#rooms.runner.outlives === true || this.scheduler.task(command.task).run.kind !== "module";
  }

  /** Rows that are stored together with an event. */
  #belonging(event: RunEvent): Statement[] {
    if (event.event !== "attempt-started") return this.#rows.of(event);
    const prepared = this.#openings.prepared(event.task);
    if (!prepared) return [];
    this.#attempts.expect(event.task, { prepared, seq: event.seq });
    return this.#rows.ofStart(event, prepared);
  }

  #perform(command: Command): void {
    switch (command.kind) {
      case "open":
        // Paused or cancelled by an input of the same step: it is asked for again when the run goes on.
        if (this.scheduler.state.status === "running") this.#openings.add(command.task);
        return;
      case "start":
        return this.#attempts.start(command);
      case "stop":
        return this.#attempts.stop(command.task, command.token);
      case "wake":
        if (this.scheduler.state.status !== "running") return;
        return this.#timer.at(command.at, this.#rooms.now(), () => this.send({ kind: "wake" }));
      case "finished":
        return;
    }
  }

  /** What it rests on (the journal, a tracker) does not work: nothing more is recorded; the run can be taken up anew. */
  #fail(error: unknown): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#letGo();
    this.#attempts.cancel();
    this.#resting.fail(error);
    for (const tell of this.#onBroken) tell();
  }

  #wakeResting(): void {
    if (this.#busy) return;
    const rest = restOf(this.status);
    if (rest !== null)
      this.#resting.settle(rest, () =>
        tidyRun(this, { rest, upTo: this.#lastSeq, folder: this.#rooms.folder }),
      );
  }
}
