import type { RunEvent } from "@scanflow/core";
import type { Statement } from "@scanflow/tracking/store";
import { planStatement } from "./journal.ts";
import type { Prepared } from "./preparation.ts";
import type { Scheduler } from "./scheduler/scheduler.ts";
import { cacheStatement, keyStatements } from "./task-cache.ts";

/** A plan as it is stored. */
export interface PlanText {
  readonly digest: string;
  readonly text: string;
}

type AttemptStarted = Extract<RunEvent, { event: "attempt-started" }>;
type AttemptSucceeded = Extract<RunEvent, { event: "attempt-succeeded" }>;

/** The rows of plans, keys and cache that are stored together with a run's events. */
export class EventRows {
  readonly #scheduler: Scheduler;
  #planText: PlanText | null;
  /** The key with which the running attempt of a task really started. */
  readonly #keys = new Map<string, string>();

  constructor(scheduler: Scheduler, planText: PlanText | null) {
    this.#scheduler = scheduler;
    this.#planText = planText;
  }

  /** An attempt of the task runs, under this key. */
  runs(task: string, key: string): void {
    this.#keys.set(task, key);
  }

  of(event: RunEvent): Statement[] {
    if (event.event === "run-created" && this.#planText) {
      const { digest, text } = this.#planText;
      // A wide plan's text is large, and is needed once.
      this.#planText = null;
      return [planStatement(digest, text)];
    }
    return event.event === "attempt-succeeded" ? this.#ofSuccess(event) : [];
  }

  ofStart({ task, attempt }: AttemptStarted, { key, parts }: Prepared): Statement[] {
    const { plan, state } = this.#scheduler;
    const { application, workflow } = plan;
    return keyStatements({ application, workflow, task }, { run: state.run, attempt, key, parts });
  }

  #ofSuccess({ task, attempt, outputs, result, metrics, time }: AttemptSucceeded): Statement[] {
    const key = this.#keys.get(task);
    this.#keys.delete(task);
    if (key === undefined || !this.#scheduler.task(task).cache) return [];
    const from = { run: this.#scheduler.state.run, task, attempt };
    return [cacheStatement(key, { from, outputs, result, metrics }, time)];
  }
}
