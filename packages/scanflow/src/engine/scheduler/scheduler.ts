import type {
  EventBody,
  Expression,
  JsonObject,
  JsonValue,
  Plan,
  PlanInput,
  PlanTask,
  RunEvent,
  TaskSummary,
  WorkTask,
} from "@scanflow/core";
import { ScanflowError } from "@scanflow/core";
import { evolve, type Scheduled } from "./evolve.ts";
import { handle } from "./handle.ts";
import type { Command, Input } from "./input.ts";
import { Instances } from "./instances.ts";
import { type Content, given } from "./output.ts";
import { evaluateFor, innermostItem, valueFor } from "./scope.ts";
import { addressesFor, servicesOf } from "./services.ts";
import { isWork, type RunState, type TaskState } from "./state.ts";
import { summarize } from "./summary.ts";

/** What came of an input: the events to store first, then the commands to perform. */
export interface Decision {
  readonly events: readonly RunEvent[];
  readonly commands: readonly Command[];
}

/** Gives an event its place: the engine knows the next sequence number and the time. */
export type Stamp = (body: EventBody) => RunEvent;

/**
 * Decides what happens next in one run: `(state, input) → (events, commands)`. No I/O, no clock, no chance: the same
 * inputs give the same events, and the same events give the same state. It owns its state and changes it in place,
 * so that a run of ten thousand tasks costs what its events cost.
 */
export class Scheduler {
  readonly plan: Plan;
  readonly #run: Scheduled;

  constructor(plan: Plan, run: string) {
    this.plan = plan;
    const state: RunState = { run, created: null, status: "running", owner: "", tasks: [] };
    this.#run = { state, instances: new Instances(plan, state.tasks), open: [] };
    state.tasks.forEach((_, instance) => {
      if (this.#run.instances.waiting[instance] === 0) this.#run.open.push(instance);
    });
  }

  /** Takes stored events in: a replay. */
  replay(events: Iterable<RunEvent>): void {
    for (const event of events) evolve(this.#run, event);
  }

  /** Takes an input in. Inputs of lost attempts and of runs that have ended give an empty decision. */
  handle(input: Input, stamp: Stamp): Decision {
    const events: RunEvent[] = [];
    const commands: Command[] = [];
    handle(this.#run, input, {
      emit: (body) => {
        const event = stamp(body);
        evolve(this.#run, event);
        events.push(event);
      },
      command: (command) => commands.push(command),
    });
    return { events, commands };
  }

  /** Whether a task could go on now or once its retry is due: nobody has to say anything for that. */
  get isOpen(): boolean {
    const { state, instances } = this.#run;
    return state.tasks.some(
      ({ status }, instance) => status === "pending" && instances.waiting[instance] === 0,
    );
  }

  get state(): Readonly<RunState> {
    return this.#run.state;
  }

  /** The whole state as JSON with stable bytes. */
  serialize(): string {
    return JSON.stringify(this.#run.state);
  }

  /** The work task of an instance id. */
  task(id: string): WorkTask {
    const task = this.#run.instances.task(this.#instance(id));
    if (!isWork(task.kind) || !("run" in task)) throw new Error(`"${id}" does no work`);
    return task;
  }

  taskState(id: string): Readonly<TaskState> {
    return this.#run.instances.state(this.#instance(id));
  }

  /** Instances of a task of the plan as an instance sees them: its own counterpart where they share a map's item. */
  seenFrom(id: string, taskId: string): string[] {
    const upstream = this.#run.instances.upstream(this.#instance(id), taskId);
    const seen = upstream.kind === "one" ? [upstream.instance] : upstream.instances;
    return seen.map((instance) => this.#run.instances.state(instance).id);
  }

  /** The value of an expression of the plan, as an instance sees the run. Raises coded errors of expressions. */
  evaluate(id: string, expression: Expression): JsonValue {
    return evaluateFor(this.#run, this.#instance(id), expression);
  }

  /** The plan's task behind any instance id. */
  planTask(id: string): PlanTask {
    return this.#run.instances.task(this.#instance(id));
  }

  /** What a work task is started with, once its upstreams have ended. Raises coded errors of expressions. */
  attemptInputs(id: string): AttemptInputs {
    const instance = this.#instance(id);
    const task = this.task(id);
    const params: Record<string, JsonValue> = {};
    for (const [name, value] of Object.entries(task.params))
      params[name] = valueFor(this.#run, instance, value);
    const inputs: Record<string, Content> = {};
    for (const [name, input] of Object.entries(task.inputs))
      inputs[name] = this.#content(instance, id, name, input);
    const item = innermostItem(this.#run.instances, instance);
    const services: Record<string, string> = {};
    for (const service of servicesOf(this.#run.instances, instance)) {
      const { id, service: known } = this.#run.instances.state(service);
      if (known) services[id] = known.key;
    }
    return { params, inputs, services, ...(item === undefined ? {} : { item }) };
  }

  /** Base addresses of the services that are up, by name, as an instance finds them. */
  addresses(id: string): Record<string, string> {
    return addressesFor(this.#run.instances, this.#instance(id));
  }

  summary(): TaskSummary[] {
    return summarize(this.#run);
  }

  #content(instance: number, id: string, name: string, input: PlanInput): Content {
    const content = given(this.#run.instances, instance, input);
    if (content.kind !== "missing") return content;
    throw new ScanflowError("SCANFLOW_INPUT_MISSING", `Task "${id}" was opened without its input "${name}".`);
  }

  #instance(id: string): number {
    const instance = this.#run.instances.find(id);
    if (instance === undefined) {
      throw new ScanflowError(
        "SCANFLOW_TASK_UNKNOWN",
        `Run ${this.#run.state.run} has no task "${id}". List its tasks with "scanflow show ${this.#run.state.run}".`,
      );
    }
    return instance;
  }
}

export interface AttemptInputs {
  readonly params: JsonObject;
  readonly inputs: Readonly<Record<string, Content>>;
  /** The keys of the services that it comes after, by their ids. */
  readonly services: Readonly<Record<string, string>>;
  readonly item?: JsonValue;
}

export type { Command, Input } from "./input.ts";
