import type { JsonObject, Plan, RunCreated, RunEvent, WorkTask } from "@scanflow/core";
import type { ArtifactStore } from "@scanflow/tracking/artifacts";
import type { LoggedBatch } from "../runners/runner.ts";
import type { Journal } from "./journal.ts";
import { type FileRow, keyValues, ledgerRows, WorkTasks } from "./ledger-rows.ts";
import { experimentName, type OpenTracker, trackerRunId } from "./tracker-runs.ts";

/** What a ledger is opened with. */
export interface LedgerOptions {
  readonly run: string;
  readonly plan: Plan;
  readonly journal: Journal;
  readonly artifacts: ArtifactStore;
  readonly trackers: ReadonlyMap<string, OpenTracker>;
  readonly probe?: ((point: string, events: readonly RunEvent[]) => void) | undefined;
}

export interface Following {
  readonly stored: Promise<unknown>;
  /** Somebody waits for the rows. */
  readonly rowsNow: boolean;
}

/**
 * Keeps the trackers' rows in step with a run's events. It reads the events in order, any number of times, and
 * remembers how far it came.
 */
export class Ledger {
  readonly #options: LedgerOptions;
  readonly #tasks: WorkTasks;
  readonly #experiments = new Map<string, string>();
  #created: RunCreated | null = null;
  #waiters: { seq: number; resolve: () => void; reject: (error: unknown) => void }[] = [];
  #queue: RunEvent[] = [];
  #done = 0;
  /** What the stored offset says. */
  #stored = 0;
  #pumping = false;
  #timer: NodeJS.Timeout | undefined;
  #failure: unknown = null;

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.#tasks = new WorkTasks(options.plan);
  }

  /** Opens the experiments, and takes up stored events that were not delivered before. */
  async open(events: readonly RunEvent[]): Promise<void> {
    const { plan, trackers, journal } = this.#options;
    const name = experimentName(plan.application, plan.workflow);
    for (const [id, { tracking }] of trackers)
      this.#experiments.set(id, await tracking.ensureExperiment(name));
    this.#done = this.#stored = await journal.offset(this.#consumer);
    for (const event of events) if (event.event === "run-created") this.#created = event;
    this.#deliver(events.filter((event) => event.seq > this.#done));
  }

  /**
   * Hands over events that go to the journal's store at this moment. Where their rows go there too, they may follow at
   * once, in the same transaction; otherwise they wait until the events are stored.
   */
  follow(events: readonly RunEvent[], { stored, rowsNow }: Following): void {
    if (!this.#besideJournal()) {
      stored.then(
        () => this.#deliver(events, rowsNow),
        () => undefined,
      );
      return;
    }
    this.#deliver(events, rowsNow);
    // What is not stored has not happened.
    stored.catch(() => {
      this.#queue = this.#queue.filter((event) => !events.includes(event));
    });
  }

  #besideJournal(): boolean {
    const { trackers, journal } = this.#options;
    return [...trackers.values()].every(({ store }) => store === journal.store);
  }

  #deliver(events: readonly RunEvent[], rowsNow = false): void {
    for (const event of events) this.#queue.push(event);
    if (rowsNow || this.#queue.length > MOST_WAITING || this.#waiters.length > 0) void this.#pump();
    else this.#timer ??= setTimeout(() => void this.#pump(), LONGEST_WAIT_MS);
  }

  /** Resolves when all of the run's events up to this one have their rows. */
  async reached(seq: number): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (this.#done >= seq) return;
    const reached = new Promise<void>((resolve, reject) => this.#waiters.push({ seq, resolve, reject }));
    void this.#pump();
    await reached;
  }

  /** Brings everything up to date that was delivered; for when the run is let go of. */
  async close(): Promise<void> {
    const last = this.#queue.at(-1);
    if (last && !this.#failure) await this.reached(last.seq);
    clearTimeout(this.#timer);
  }

  /** Stores what a running function step logged. */
  async log(task: WorkTask, runId: string, batch: LoggedBatch): Promise<void> {
    const metrics = batch.metrics.map(({ key, value, step, time }) => ({
      key,
      value,
      step,
      timestampMs: time,
    }));
    await this.#tracker(task.tracker).tracking.logBatch(runId, { metrics, params: [], tags: batch.tags });
  }

  /** Keeps what an attempt was given, where its script has not logged it itself: a param never changes. */
  async keepParams(task: WorkTask, runId: string, params: JsonObject): Promise<void> {
    await this.#tracker(task.tracker).tracking.keepParams({ runId, params: keyValues(params) });
  }

  /** The last value of every metric of an attempt, from its tracker. */
  async metrics(task: WorkTask, runId: string): Promise<Record<string, number>> {
    const latest = await this.#tracker(task.tracker).tracking.latestMetrics([runId]);
    return latest.get(runId) ?? {};
  }

  uri(task: WorkTask): string {
    return this.#tracker(task.tracker).uri;
  }

  /** With which who speaks for a task asks its tracker, if that wants one. */
  token(task: WorkTask): string | undefined {
    return this.#tracker(task.tracker).token;
  }

  experiment(task: WorkTask): string {
    return this.#experiments.get(task.tracker) ?? "0";
  }

  get #consumer(): string {
    return `tracker/${this.#options.run}`;
  }

  #tracker(id: string): OpenTracker {
    const tracker = this.#options.trackers.get(id);
    if (!tracker) throw new Error(`the tracker "${id}" is not open`);
    return tracker;
  }

  async #pump(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#queue.length > 0) {
        const events = this.#queue;
        this.#queue = [];
        this.#options.probe?.("ledger:before", events);
        await this.#write(events);
        this.#options.probe?.("ledger:after", events);
        const last = events.at(-1);
        this.#done = last?.seq ?? this.#done;
        if (last?.event === "run-finished" || this.#done - this.#stored > MOST_REPEATED) await this.#store();
        const reached = this.#waiters.filter(({ seq }) => seq <= this.#done);
        this.#waiters = this.#waiters.filter(({ seq }) => seq > this.#done);
        for (const { resolve } of reached) resolve();
      }
    } catch (error) {
      this.#failure = error;
      for (const { reject } of this.#waiters.splice(0)) reject(error);
    } finally {
      this.#pumping = false;
    }
  }

  async #store(): Promise<void> {
    const { journal } = this.#options;
    this.#stored = this.#done;
    await journal.store.write([journal.offsetStatement(this.#consumer, this.#done)]);
  }

  async #write(events: readonly RunEvent[]): Promise<void> {
    for (const event of events) if (event.event === "run-created") this.#created = event;
    if (!this.#created)
      throw new Error(`the events of run ${this.#options.run} do not begin with its creation`);
    const { run, plan } = this.#options;
    const created = this.#created;
    const rows = ledgerRows(
      { run, plan, tasks: this.#tasks, created, experiments: this.#experiments },
      events,
    );
    // Asked for in the same tick, in this order: one transaction holds them all.
    const starts = [...rows.starts].map(([id, list]) => this.#tracker(id).tracking.startRuns(list));
    const copies = [...rows.copies].map(([id, list]) => this.#tracker(id).tracking.copyParams(list));
    const ends = [...rows.ends].map(([id, list]) => this.#tracker(id).tracking.endRuns(list));
    const started = new Set([...rows.starts].flatMap(([, list]) => list.map(({ runId }) => runId)));
    const log = (now: boolean) =>
      [...rows.logs].map(async ([id, list]) => {
        const batches = list.filter(({ runId }) => started.has(runId) !== now);
        if (batches.length > 0) await this.#tracker(id).tracking.logBatches(batches);
      });
    await Promise.all([...starts, ...copies, ...ends, ...log(true)]);
    await Promise.all([...log(false), ...rows.files.map((row) => this.#keepOutputs(row))]);
  }

  async #keepOutputs({ task, attempt, outputs, failed = false }: FileRow): Promise<void> {
    const entries = Object.entries(outputs);
    if (entries.length === 0) return;
    const { tracker, outputs: declared } = this.#tasks.get(task);
    const { tracking } = this.#tracker(tracker);
    const runId = trackerRunId(this.#options.run, task, attempt);
    const artifacts = await Promise.all(
      entries.map(async ([name, digest]) => {
        const artifact = await this.#options.artifacts.stat(digest);
        return artifact ? [{ path: declared[name]?.path ?? name, ...artifact }] : [];
      }),
    );
    await tracking.addArtifacts(runId, artifacts.flat());
    if (attempt === 0 || failed) return;
    for (const [name, digest] of entries) {
      const output = declared[name];
      // A run that is repeated to compare it makes no new version of a model.
      if (!output?.register || this.#created?.cause.kind === "reproduce") continue;
      const description = `Made by task ${task} of run ${this.#options.run}.`;
      await tracking.registerVersion({
        name: output.register,
        runId,
        source: output.path,
        digest,
        description,
      });
    }
  }
}

/** Rows that nobody waits for are gathered: so long at most, and so many. */
const LONGEST_WAIT_MS = 50;
const MOST_WAITING = 500;

/** How many events may be delivered again after the owner ended. */
const MOST_REPEATED = 1000;
