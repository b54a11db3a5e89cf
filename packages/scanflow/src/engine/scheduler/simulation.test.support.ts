import { type EventBody, errorCode, type Plan, type RunEvent, type WorkTask } from "@scanflow/core";
import { expect } from "vitest";
import type { Command, Input, Untimed } from "./input.ts";
import { Scheduler } from "./scheduler.ts";
import { isTerminal, isUnderWay } from "./state.ts";

const USAGE = { cpuMs: null, peakMemory: null, readBytes: null, writtenBytes: null };
const DEVICE = { kind: "typeA", cpus: 2, memory: 1, gpus: 0, platform: "linux", arch: "x64" };

/** Chances of what may happen at a step, each 0 to 1. */
export interface Weather {
  readonly failure: number;
  readonly cached: number;
  readonly crash: number;
  readonly pause: number;
  readonly cancel: number;
  readonly refusal: number;
  /** An optional output is not written. */
  readonly silence: number;
  /** An attempt that ran when the owner died goes on. */
  readonly adoption: number;
}

interface Start {
  readonly task: string;
  readonly attempt: number;
  readonly token: string;
}

/** A world without processes: it answers the scheduler's commands in any order, loses owners, and checks the laws. */
export class Simulation {
  readonly events: RunEvent[] = [];
  scheduler: Scheduler;
  readonly #plan: Plan;
  readonly #chance: () => number;
  readonly #weather: Weather;
  #now = 0;
  #owners = 0;
  #open: string[] = [];
  #running: Start[] = [];
  #lost: Start[] = [];
  #wakes = 0;

  constructor(plan: Plan, weather: Weather, chance: () => number) {
    this.#plan = plan;
    this.#weather = weather;
    this.#chance = chance;
    this.scheduler = new Scheduler(plan, "r");
  }

  /** Runs to the end; fails when that takes more steps than any run can need. */
  run(): void {
    const { application, workflow } = this.#plan;
    const capacity = { cpu: 2, memory: 1, gpu: 0, tasks: 9 };
    const params = Object.fromEntries(
      Object.entries(this.#plan.params).map(([name, at]) => [name, at.default ?? 1]),
    );
    const facts = {
      application,
      workflow,
      plan: "p",
      params,
      device: DEVICE,
      capacity,
      cache: true,
      user: null,
    };
    this.send({ kind: "create", ...facts, cause: { kind: "manual" }, owner: "o0" });
    this.#continue();
  }

  retryAll(): void {
    this.send({ kind: "retry", tasks: null });
    this.#continue();
  }

  get ended(): boolean {
    return ["succeeded", "failed", "cancelled"].includes(this.scheduler.state.status);
  }

  send(input: Untimed): readonly RunEvent[] {
    const stamp = (body: EventBody): RunEvent => ({
      seq: this.events.length + 1,
      run: "r",
      time: this.#now,
      ...body,
    });
    let seq = this.events.length;
    const decision = this.scheduler.handle({ ...input, now: this.#now } as Input, (body) => ({
      ...stamp(body),
      seq: ++seq,
    }));
    for (const event of decision.events) {
      this.#checkLaws(event);
      this.events.push(event);
    }
    for (const command of decision.commands) this.#take(command);
    return decision.events;
  }

  #take(command: Command): void {
    if (command.kind === "open") this.#open.push(command.task);
    if (command.kind === "start") {
      const { task, attempt, token } = command;
      this.#running.push({ task, attempt, token });
    }
    if (command.kind === "wake") this.#wakes += 1;
    if (command.kind === "stop") {
      const stopped = this.#running.find(({ token }) => token === command.token);
      this.#running = this.#running.filter((one) => one !== stopped);
      if (stopped) this.send({ kind: "ended", ...stopped });
    }
  }

  #continue(): void {
    for (let step = 0; !this.ended; step++) {
      expect(step, "steps before the run ends").toBeLessThan(20_000);
      this.#now += 1000;
      this.#disturb();
      if (this.ended) return;
      this.#step();
    }
    expect(this.#open.filter((task) => !isTerminal(this.scheduler.taskState(task).status))).toEqual([]);
    expect(this.#running).toEqual([]);
  }

  #disturb(): void {
    if (this.#happens("pause")) {
      this.send({ kind: "pause" });
      if (this.#chance() < 0.5) this.send({ kind: "continue" });
    }
    if (this.#happens("cancel")) this.send({ kind: "cancel", reason: "weather" });
    if (this.#happens("crash")) this.#crash();
    for (const lost of this.#lost) {
      if (this.#chance() < 0.7) continue;
      const late = {
        kind: "succeeded",
        ...lost,
        outputs: { out: "late" },
        result: {},
        metrics: {},
        usage: USAGE,
      } as const;
      expect(this.send(late), "events from a late answer").toEqual([]);
    }
  }

  /** The owner dies: what is stored is all that is left. */
  #crash(): void {
    const before = this.scheduler.serialize();
    this.scheduler = new Scheduler(this.#plan, "r");
    this.scheduler.replay(this.events);
    expect(this.scheduler.serialize()).toBe(before);
    const adopted = this.#running.filter(() => this.#happens("adoption"));
    this.#lost.push(...this.#running.filter((one) => !adopted.includes(one)));
    this.#running = adopted;
    this.#open = [];
    this.#wakes = 0;
    this.#owners += 1;
    this.send({
      kind: "resume",
      owner: `o${this.#owners}`,
      adopted: adopted.map(({ token }) => token),
    });
    const goingOn = this.scheduler.state.tasks.filter(isUnderWay);
    expect(goingOn.map(({ token }) => token)).toEqual(
      expect.arrayContaining(this.#running.map(({ token }) => token)),
    );
    expect(goingOn).toHaveLength(this.#running.length);
  }

  #step(): void {
    if (this.scheduler.state.status === "paused") this.send({ kind: "continue" });
    if (this.#wakes > 0 && this.#chance() < 0.5) {
      // A timer may be early.
      if (this.#chance() < 0.5) this.#now += 3_600_000;
      this.#wakes = 0;
      this.send({ kind: "wake" });
      return;
    }
    const pick = Math.floor(this.#chance() * (this.#open.length + this.#running.length));
    if (pick < this.#open.length) {
      const [task] = this.#open.splice(pick, 1);
      if (task !== undefined) this.#admit(task);
      return;
    }
    const [start] = this.#running.splice(pick - this.#open.length, 1);
    if (start) this.#answer(start);
  }

  #admit(task: string): void {
    if (this.#happens("refusal") || !this.#prepares(task))
      this.send({ kind: "refused", task, message: "weather" });
    else if (!this.#isService(task) && this.#happens("cached")) {
      const from = { run: "q", task, attempt: 1 };
      const hit = { from, outputs: this.#outputs(task), result: { x: 1 }, metrics: { loss: 0.5 } };
      this.send({ kind: "cache-hit", task, key: "k", hit });
    } else this.send({ kind: "admitted", task, key: "k", miss: { reason: "first-run", changed: [] } });
  }

  /** A generated expression may meet a value of the wrong type: a coded error, and the task is refused. */
  #prepares(task: string): boolean {
    try {
      this.scheduler.attemptInputs(task);
      return true;
    } catch (error) {
      expect(errorCode(error)).toBe("SCANFLOW_EXPRESSION_TYPE");
      return false;
    }
  }

  #isService(task: string): boolean {
    return this.scheduler.planTask(task).kind === "service";
  }

  /** A service comes up, stays up, or dies; it ends well only when it is asked to. */
  #serve(start: Start): boolean {
    if (!this.#isService(start.task) || this.#happens("failure")) return false;
    this.#running.push(start);
    const { status } = this.scheduler.taskState(start.task);
    const events = this.send({ kind: "ready", ...start, url: "http://s" });
    expect(events.filter(({ event }) => event === "service-ready")).toHaveLength(status === "up" ? 0 : 1);
    return true;
  }

  #answer(start: Start): void {
    if (this.#serve(start)) return;
    if (this.#isService(start.task) || this.#happens("failure")) {
      const error = { code: "SCANFLOW_TASK_FAILED", message: "weather" };
      this.send({ kind: "failed", ...start, error, retryable: this.#chance() < 0.8, usage: USAGE });
    } else {
      const outputs = this.#outputs(start.task);
      this.send({
        kind: "succeeded",
        ...start,
        outputs,
        result: { x: 1 },
        metrics: { loss: 0.5 },
        usage: USAGE,
      });
    }
    const again = {
      kind: "succeeded",
      ...start,
      outputs: {},
      result: {},
      metrics: {},
      usage: USAGE,
    } as const;
    expect(this.send(again), "events from a second answer").toEqual([]);
  }

  #outputs(task: string): Record<string, string> {
    const written = Object.entries(this.scheduler.task(task).outputs).filter(
      ([, { optional }]) => !(optional && this.#happens("silence")),
    );
    return Object.fromEntries(written.map(([name]) => [name, `${task}/${name}`]));
  }

  #happens(kind: keyof Weather): boolean {
    return this.#chance() < this.#weather[kind];
  }

  /** No work starts before all its upstreams ended and its inputs are there; no generated map is over nothing. */
  #checkLaws(event: RunEvent): void {
    if (event.event !== "attempt-started" && event.event !== "task-cached") return;
    const work: WorkTask = this.scheduler.task(event.task);
    const given = this.scheduler.attemptInputs(event.task);
    expect(Object.keys(given.inputs)).toEqual(Object.keys(work.inputs));
    for (const content of Object.values(given.inputs)) {
      if (content.kind === "collected") expect(content.entries).not.toEqual({});
    }
    for (const edge of work.upstreams) {
      const ids = this.#plan.tasks.some(({ id, maps }) => id === edge.task && maps.length === 0)
        ? [edge.task]
        : [];
      for (const id of ids) {
        const { status } = this.scheduler.taskState(id);
        expect(isTerminal(status), `${id} before ${event.task}`).toBe(true);
        // A service that had to end does not pass for one that can be asked.
        if (this.#isService(id)) expect(status).not.toBe("succeeded");
      }
    }
  }
}
