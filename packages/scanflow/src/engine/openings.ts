import type { CacheMiss, WorkTask } from "@scanflow/core";
import { errorCode } from "@scanflow/core";
import type { EngineRooms } from "./engine.ts";
import type { Holds } from "./holds.ts";
import { mapLimits } from "./map-limits.ts";
import { isMissingFile, type Prepared } from "./preparation.ts";
import type { Untimed } from "./scheduler/input.ts";
import type { Scheduler } from "./scheduler/scheduler.ts";

export interface OpeningsOptions {
  readonly rooms: EngineRooms;
  readonly scheduler: Scheduler;
  readonly holds: Holds;
  readonly send: (input: Untimed) => void;
  readonly fail: (error: unknown) => void;
}

interface Opening {
  /** null while its inputs are brought in and the cache is asked. */
  prepared: Prepared | null;
}

/** Enough to keep any machine busy while the cache is asked about those behind. */
const MOST_OPEN = 512;
/** Those that open in the same tick share their look-ups. */
const OPENED_TOGETHER = 128;

/** The tasks of a run on their way from "may start" to "starts": inputs, cache, then their share of the machine. */
export class Openings {
  readonly #options: OpeningsOptions;
  readonly #waiting = new Set<string>();
  readonly #open = new Map<string, Opening>();

  constructor(options: OpeningsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiting.size + this.#open.size;
  }

  add(task: string): void {
    this.#waiting.add(task);
    this.#next();
  }

  prepared(task: string): Prepared | null {
    return this.#open.get(task)?.prepared ?? null;
  }

  /** The opening came to an end: the task starts, or it gives back what it held. */
  end(task: string, starts: boolean): void {
    this.#waiting.delete(task);
    this.#open.delete(task);
    if (!starts) this.#options.rooms.allocator.release(this.slot(task));
    this.#next();
  }

  /** The run was paused: what has not started lets go; it is opened again when the run goes on. */
  endAll(): void {
    this.#waiting.clear();
    for (const task of [...this.#open.keys()]) this.end(task, false);
  }

  /** Name of a task's share of the machine. */
  slot(task: string): string {
    return `${this.#options.scheduler.state.run} ${task}`;
  }

  /** Opens tasks up to a number, so that a wide run keeps little in memory. */
  #next(): void {
    if (this.#open.size > MOST_OPEN - OPENED_TOGETHER) return;
    for (const task of this.#waiting) {
      if (this.#open.size >= MOST_OPEN) return;
      if (this.#open.has(task)) {
        this.#waiting.delete(task);
        continue;
      }
      this.#waiting.delete(task);
      // Asked for once more by a wake-up while it was on its way: it has started meanwhile.
      if (this.#options.scheduler.taskState(task).status !== "pending") continue;
      const opening: Opening = { prepared: null };
      this.#open.set(task, opening);
      void this.#begin(task, opening);
    }
  }

  async #begin(task: string, opening: Opening): Promise<void> {
    const { rooms, scheduler, holds, send, fail } = this.#options;
    try {
      const work = scheduler.task(task);
      const { inputs: fixed = {}, data = {} } = scheduler.state.created ?? {};
      const sources = { fixed, data, holds };
      const prepared = await rooms.preparation.prepare(work, scheduler.attemptInputs(task), sources);
      const miss = await this.#lookUp(task, work, prepared);
      if (miss === null || this.#open.get(task) !== opening) return;
      const impossible = rooms.allocator.impossible(work.resources);
      if (impossible !== null) {
        const message = `Task "${task}" can never start here: ${impossible}. Ask for less, or run it on a larger machine.`;
        return send({ kind: "refused", task, message });
      }
      opening.prepared = prepared;
      // What hangs on a service is known by what the service is.
      const key = work.cache || work.kind === "service" ? prepared.key : null;
      const grant = () => send({ kind: "admitted", task, key, miss });
      const limits = mapLimits(scheduler.plan, work, { run: scheduler.state.run, task });
      rooms.allocator.request(this.slot(task), work.resources, grant, limits);
    } catch (error) {
      const expected = errorCode(error) !== undefined || isMissingFile(error);
      if (!expected || !(error instanceof Error)) return fail(error);
      send({ kind: "refused", task, message: error.message });
    }
  }

  /** null: the cache had it. */
  async #lookUp(task: string, work: WorkTask, prepared: Prepared): Promise<CacheMiss | null> {
    const { rooms, scheduler, holds, send } = this.#options;
    if (work.kind === "service") return { reason: "service", changed: [] };
    if (!work.cache || scheduler.state.created?.cache !== true) return { reason: "off", changed: [] };
    if (scheduler.taskState(task).attempts > 0) return { reason: "retry", changed: [] };
    const { application, workflow } = scheduler.plan;
    const found = await rooms.cache.find({ application, workflow, task }, prepared, holds);
    if (found.hit === null) return found.miss;
    send({ kind: "cache-hit", task, key: prepared.key, hit: found.hit });
    return null;
  }
}
