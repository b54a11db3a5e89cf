import { hash } from "node:crypto";
import { errorCode, type RunEvent } from "@scanflow/core";
import type { ArtifactStore } from "@scanflow/tracking/artifacts";
import type { ActiveRun, Engine, Scheduler } from "../../engine/index.ts";
import { readParts } from "../read-parts.ts";
import { facetMaker, type OpenLineageEvent } from "./facets.ts";
import { type EventSources, openLineageEvents } from "./open-lineage-events.ts";
import type { Target } from "./target.ts";
import { type Sent, send } from "./transport.ts";

export interface DeliveryOptions {
  readonly engine: Engine;
  readonly artifacts: Pick<ArtifactStore, "stat">;
  readonly target: Target;
  /** The config's folder. */
  readonly root: string;
  /** Of Scanflow. */
  readonly version: string;
  /** Namespace of jobs and datasets; null: the application's name. */
  readonly namespace: string | null;
  /** Told once when events are not taken, and once more when they are again. */
  readonly notice: (text: string) => void;
  readonly waitsMs?: readonly number[];
}

const WAITS_MS = [200, 1000, 3000];
/** Events of the journal that are read, sent and remembered together. */
const TOGETHER = 100;
/** How long the end of a command may wait for the rest to be taken. */
const LAST_PATIENCE_MS = 4000;
/** How long a receiver that could not be reached is left alone. */
const REST_MS = 30_000;

/**
 * Sends OpenLineage events behind the journal: it remembers how far it came for each target, so that a receiver that
 * was away gets later what it missed, and no run waits for it. An event may be sent twice, with the same run id.
 */
export class OpenLineageDelivery {
  readonly #options: DeliveryOptions;
  readonly #consumer: string;
  readonly #ending = new AbortController();
  #done: number;
  #pumping: Promise<void> | null = null;
  #wanted = false;
  /** When it may be tried again, on the process's own clock; null: all is taken. */
  #failedUntil: number | null = null;
  #refused = 0;

  private constructor(options: DeliveryOptions, done: number) {
    this.#options = options;
    this.#consumer = consumerOf(options.target);
    this.#done = done;
  }

  /** A target that was never sent to before hears of what happens from now on. */
  static async open(options: DeliveryOptions): Promise<OpenLineageDelivery> {
    const { journal } = options.engine;
    const consumer = consumerOf(options.target);
    const [known] = await journal.store.read<{ seq: number }>("SELECT seq FROM offsets WHERE consumer = ?", [
      consumer,
    ]);
    // When the newest runs are dropped, the journal gives their numbers again.
    const done = Math.min(known?.seq ?? journal.last, journal.last);
    if (done !== known?.seq) await journal.store.write([journal.offsetStatement(consumer, done)]);
    return new OpenLineageDelivery(options, done);
  }

  /** Sends what is stored of the run, and what will be. */
  follow(run: ActiveRun): void {
    run.onEvents(() => this.#wake());
    this.#wake();
  }

  /** Gives the rest a little time; what is not taken then is sent by a later owner. */
  async close(): Promise<void> {
    const patience = setTimeout(() => this.#ending.abort(), LAST_PATIENCE_MS);
    while (this.#pumping !== null) await this.#pumping;
    clearTimeout(patience);
    if (this.#refused > 0) {
      this.#options.notice(
        `${this.#refused} OpenLineage events in all were refused by ${this.#place} and left out.`,
      );
    }
  }

  get #place(): string {
    const { target } = this.#options;
    return target.kind === "http" ? target.url : target.path;
  }

  #wake(): void {
    this.#wanted = true;
    if (this.#failedUntil !== null && performance.now() < this.#failedUntil) return;
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = null;
      if (this.#wanted) this.#wake();
    });
  }

  async #pump(): Promise<void> {
    this.#wanted = false;
    let failed = false;
    const { journal } = this.#options.engine;
    const schedulers = new Map<string, Scheduler>();
    try {
      for (;;) {
        const events = await journal.allEvents(this.#done, TOGETHER);
        if (events.length === 0) return;
        const before = this.#done;
        for (const event of events) {
          failed = !(await this.#deliver(event, schedulers));
          if (failed) break;
          this.#done = event.seq;
        }
        if (this.#done > before)
          await journal.store.write([journal.offsetStatement(this.#consumer, this.#done)]);
        if (failed) return;
        this.#recover();
      }
    } catch (error) {
      // It hangs on the runs, not they on it.
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  /** false: it must be sent again. */
  async #deliver(event: RunEvent, schedulers: Map<string, Scheduler>): Promise<boolean> {
    const { target, waitsMs = WAITS_MS } = this.#options;
    for (const one of await this.#eventsOf(event, schedulers)) {
      const sent = await send(one, { target, waitsMs, signal: this.#ending.signal });
      if (sent.kind === "failed") {
        this.#fail(sent.reason);
        return false;
      }
      if (sent.kind === "refused") this.#refuse(one, sent);
    }
    return true;
  }

  #recover(): void {
    if (this.#failedUntil === null) return;
    this.#failedUntil = null;
    this.#options.notice(`OpenLineage events are taken by ${this.#place} again; none is missing.`);
  }

  #fail(reason: string): void {
    const told = this.#failedUntil !== null;
    this.#failedUntil = performance.now() + REST_MS;
    if (told) return;
    this.#options.notice(
      `OpenLineage events are not taken by ${this.#place}: ${reason}. The runs go on; what is missing is kept, and sent when it can be reached, also by a later run.`,
    );
  }

  #refuse({ job, eventType }: OpenLineageEvent, sent: Extract<Sent, { reason: string }>): void {
    this.#refused += 1;
    if (this.#refused > 1) return;
    this.#options.notice(
      `An OpenLineage event (${eventType} of ${job.name}) was refused by ${this.#place}: ${sent.reason}. It is left out.`,
    );
  }

  async #eventsOf(event: RunEvent, schedulers: Map<string, Scheduler>): Promise<OpenLineageEvent[]> {
    const { engine } = this.#options;
    try {
      const scheduler =
        engine.active(event.run)?.scheduler ??
        schedulers.get(event.run) ??
        (await engine.scheduler(event.run));
      schedulers.set(event.run, scheduler);
      return await openLineageEvents(this.#sources(event.run, scheduler), event);
    } catch (error) {
      // The run was dropped meanwhile.
      if (errorCode(error) === "SCANFLOW_RUN_UNKNOWN") return [];
      throw error;
    }
  }

  #sources(run: string, scheduler: Scheduler): EventSources {
    const { engine, artifacts, root, version, namespace } = this.#options;
    const producer = `urn:scanflow:${version}`;
    const { store } = engine.journal;
    return {
      ...{ producer, version, root, scheduler },
      make: facetMaker(producer),
      namespace: namespace ?? scheduler.plan.application,
      parts: (task, attempt, key) => readParts(store, { run, task, attempt }, key),
      size: async (digest) => (await artifacts.stat(digest))?.size ?? null,
    };
  }
}

function consumerOf(target: Target): string {
  const place = target.kind === "http" ? target.url : target.path;
  return `openlineage/${hash("sha256", place).slice(0, 16)}`;
}
