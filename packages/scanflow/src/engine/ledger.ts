import type { JsonObject, Plan, RunCreated, RunEvent, Usage, WorkTask } from "@scanflow/core";
import type { ArtifactStore } from "@scanflow/tracking/artifacts";
import type { LoggedBatch } from "../runners/runner.ts";
import type { Journal } from "./journal.ts";
import { isWork } from "./scheduler/state.ts";
import { experimentName, groupRunId, type OpenTracker, trackerRunId } from "./tracker-runs.ts";

/** What a ledger is opened with. */
export interface LedgerOptions {
  readonly run: string;
  readonly plan: Plan;
  readonly journal: Journal;
  readonly artifacts: ArtifactStore;
  readonly trackers: ReadonlyMap<string, OpenTracker>;
}

/**
 * Keeps the tracker's rows in step with a run's events. It reads the events in order, any number of times (every row
 * has an id that follows from the event), and remembers how far it came.
 */
export class Ledger {
  readonly #options: LedgerOptions;
  readonly #experiments = new Map<string, string>();
  readonly #tasks = new Map<string, WorkTask>();
  readonly #waiters: { seq: number; resolve: () => void; reject: (error: unknown) => void }[] = [];
  #created: RunCreated | null = null;
  #queue: RunEvent[] = [];
  #done = 0;
  #pumping = false;
  #failure: unknown = null;

  constructor(options: LedgerOptions) {
    this.#options = options;
    for (const task of options.plan.tasks)
      if (isWork(task.kind) && "run" in task) this.#tasks.set(task.id, task);
  }

  /** Takes up after a restart: stored events that were not delivered yet. */
  async catchUp(events: readonly RunEvent[]): Promise<void> {
    const offset = await this.#options.journal.offset(this.#consumer);
    for (const event of events) if (event.event === "run-created") this.#created = event;
    this.#done = offset;
    await this.#openExperiments();
    this.deliver(events.filter((event) => event.seq > offset));
  }

  /** Hands over events that are stored. */
  deliver(events: readonly RunEvent[]): void {
    this.#queue.push(...events);
    if (!this.#pumping) void this.#pump();
  }

  /** Resolves when all events up to this one have their rows. */
  async reached(seq: number): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (this.#done >= seq) return;
    await new Promise<void>((resolve, reject) => this.#waiters.push({ seq, resolve, reject }));
  }

  /** Stores what a running function step logged. */
  async log(task: WorkTask, runId: string, batch: LoggedBatch): Promise<void> {
    const tracker = this.#tracker(task.tracker);
    const metrics = batch.metrics.map(({ key, value, step, time }) => ({
      key,
      value,
      step,
      timestamp: time,
    }));
    await tracker.tracking.logBatch(runId, { metrics, params: [], tags: [...batch.tags] });
  }

  /** The last value of every metric of an attempt, from its tracker. */
  async metrics(task: WorkTask, runId: string): Promise<Record<string, number>> {
    const latest = await this.#tracker(task.tracker).tracking.latestMetrics([runId]);
    return latest.get(runId) ?? {};
  }

  uri(task: WorkTask): string {
    return this.#tracker(task.tracker).uri;
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
    this.#pumping = true;
    try {
      while (this.#queue.length > 0) {
        const events = this.#queue;
        this.#queue = [];
        await this.#write(events);
        this.#done = events.at(-1)?.seq ?? this.#done;
        await this.#options.journal.store.write([
          this.#options.journal.offsetStatement(this.#consumer, this.#done),
        ]);
        this.#release();
      }
    } catch (error) {
      this.#failure = error;
      for (const { reject } of this.#waiters.splice(0)) reject(error);
    } finally {
      this.#pumping = false;
    }
  }

  #release(): void {
    for (let position = this.#waiters.length - 1; position >= 0; position--) {
      const waiter = this.#waiters[position];
      if (!waiter || waiter.seq > this.#done) continue;
      this.#waiters.splice(position, 1);
      waiter.resolve();
    }
  }

  /** Rows of one kind are gathered, so that a thousand small tasks cost a few transactions. */
  async #write(events: readonly RunEvent[]): Promise<void> {
    const starts = new Batches<StartRow>();
    const ends = new Batches<EndRow>();
    const logs = new Batches<LogRow>();
    const files: FileRow[] = [];
    for (const event of events) {
      switch (event.event) {
        case "run-created":
          this.#created = event;
          await this.#openExperiments();
          this.#startGroups(event, starts);
          break;
        case "attempt-started":
          this.#startAttempt(
            event.task,
            event.attempt,
            event.time,
            { "scanflow.key": event.key ?? "" },
            starts,
          );
          break;
        case "attempt-succeeded":
          this.#endAttempt(event.task, event.attempt, { status: "FINISHED", endTime: event.time }, ends);
          this.#logUsage(event.task, event.attempt, event.time, event.usage, logs);
          files.push({ task: event.task, attempt: event.attempt, outputs: event.outputs });
          break;
        case "attempt-failed":
          this.#endAttempt(event.task, event.attempt, { status: "FAILED", endTime: event.time }, ends);
          this.#logUsage(event.task, event.attempt, event.time, event.usage, logs);
          break;
        case "attempt-cancelled":
          this.#endAttempt(event.task, event.attempt, { status: "KILLED", endTime: event.time }, ends);
          break;
        case "task-cached": {
          const { run, task, attempt } = event.from;
          const from = trackerRunId(run, task, attempt);
          const tags = { "scanflow.key": event.key, "scanflow.cached": "true", "scanflow.cached_from": from };
          this.#startAttempt(event.task, 0, event.time, tags, starts);
          this.#endAttempt(event.task, 0, { status: "FINISHED", endTime: event.time }, ends);
          const metrics = Object.entries(event.metrics).map(([key, value]) => metric(key, value, event.time));
          logs.add(this.#trackerOf(event.task), { runId: this.#runId(event.task, 0), metrics });
          files.push({ task: event.task, attempt: 0, outputs: event.outputs });
          break;
        }
        case "run-finished": {
          const status = STATUS[event.status];
          for (const group of this.#options.plan.groups) {
            ends.add(group.tracker, { runId: groupRunId(event.run, group.id), status, endTime: event.time });
          }
          break;
        }
      }
    }
    for (const [id, rows] of starts) await this.#tracker(id).tracking.startRuns(rows);
    for (const [id, rows] of logs) {
      const batches = rows.map(({ runId, metrics }) => ({ runId, metrics, params: [], tags: [] }));
      await this.#tracker(id).tracking.logBatches(batches);
    }
    for (const row of files) await this.#keepOutputs(row);
    for (const [id, rows] of ends) await this.#tracker(id).tracking.endRuns(rows);
  }

  async #openExperiments(): Promise<void> {
    const { plan, trackers } = this.#options;
    const name = experimentName(plan.application, plan.workflow);
    for (const [id, { tracking }] of trackers) {
      if (!this.#experiments.has(id)) this.#experiments.set(id, await tracking.ensureExperiment(name));
    }
  }

  #startGroups(event: RunCreated & { run: string; time: number }, starts: Batches<StartRow>): void {
    const { plan } = this.#options;
    const trackerOf = new Map(plan.groups.map((group) => [group.id, group.tracker]));
    for (const group of plan.groups) {
      const top = group.parent === null;
      const parent =
        !top && trackerOf.get(group.parent ?? "") === group.tracker
          ? groupRunId(event.run, group.parent ?? "")
          : null;
      starts.add(group.tracker, {
        runId: groupRunId(event.run, group.id),
        experimentId: this.#experiments.get(group.tracker) ?? "0",
        name: top ? event.run : group.id,
        startTime: event.time,
        tags: {
          "scanflow.run": event.run,
          "scanflow.workflow": group.workflow,
          "scanflow.plan": event.plan,
          ...(event.user === null ? {} : { "mlflow.user": event.user }),
        },
        params: top ? texts(event.params) : {},
        ...(parent === null ? {} : { parentRunId: parent }),
      });
    }
  }

  #startAttempt(
    task: string,
    attempt: number,
    time: number,
    tags: Readonly<Record<string, string>>,
    starts: Batches<StartRow>,
  ): void {
    const work = this.#work(task);
    starts.add(work.tracker, {
      runId: this.#runId(task, attempt),
      experimentId: this.#experiments.get(work.tracker) ?? "0",
      name: task,
      startTime: time,
      tags: {
        "scanflow.run": this.#options.run,
        "scanflow.task": task,
        "scanflow.attempt": String(attempt),
        ...tags,
        ...(this.#created?.user ? { "mlflow.user": this.#created.user } : {}),
      },
      params: {},
      parentRunId: groupRunId(this.#options.run, work.group),
    });
  }

  #endAttempt(task: string, attempt: number, end: Omit<EndRow, "runId">, ends: Batches<EndRow>): void {
    ends.add(this.#trackerOf(task), { runId: this.#runId(task, attempt), ...end });
  }

  #logUsage(task: string, attempt: number, time: number, usage: Usage, logs: Batches<LogRow>): void {
    const metrics = USAGE_METRICS.flatMap(([key, name]) => {
      const value = usage[name];
      return value === null ? [] : [metric(key, value, time)];
    });
    if (metrics.length > 0) logs.add(this.#trackerOf(task), { runId: this.#runId(task, attempt), metrics });
  }

  async #keepOutputs({ task, attempt, outputs }: FileRow): Promise<void> {
    const work = this.#work(task);
    const { tracking } = this.#tracker(work.tracker);
    const runId = this.#runId(task, attempt);
    const entries = Object.entries(outputs);
    if (entries.length === 0) return;
    const rows = await Promise.all(
      entries.map(async ([name, digest]) => {
        const artifact = await this.#options.artifacts.stat(digest);
        const { size, kind } = artifact ?? { size: 0, kind: "file" as const };
        return { path: work.outputs[name]?.path ?? name, digest, size, kind };
      }),
    );
    await tracking.addArtifacts(runId, rows);
    if (attempt === 0) return;
    for (const [name, digest] of entries) {
      const output = work.outputs[name];
      if (!output?.register) continue;
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

  #work(instance: string): WorkTask {
    const work = this.#tasks.get(instance) ?? this.#tasks.get(instance.replaceAll(/\[\d+\]/g, "[*]"));
    if (!work) throw new Error(`the plan has no work task "${instance}"`);
    return work;
  }

  #trackerOf(instance: string): string {
    return this.#work(instance).tracker;
  }

  #runId(task: string, attempt: number): string {
    return trackerRunId(this.#options.run, task, attempt);
  }
}

const STATUS = { succeeded: "FINISHED", failed: "FAILED", cancelled: "KILLED" } as const;

const USAGE_METRICS: readonly (readonly [string, keyof Usage])[] = [
  ["system/cpu_ms", "cpuMs"],
  ["system/peak_memory_bytes", "peakMemory"],
  ["system/read_bytes", "readBytes"],
  ["system/written_bytes", "writtenBytes"],
];

interface StartRow {
  readonly runId: string;
  readonly experimentId: string;
  readonly name: string;
  readonly startTime: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  readonly parentRunId?: string;
}

interface EndRow {
  readonly runId: string;
  readonly status: "FINISHED" | "FAILED" | "KILLED";
  readonly endTime: number;
}

interface Metric {
  readonly key: string;
  readonly value: number;
  readonly step: number;
  readonly timestamp: number;
}

interface LogRow {
  readonly runId: string;
  readonly metrics: readonly Metric[];
}

interface FileRow {
  readonly task: string;
  readonly attempt: number;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Rows by tracker. */
class Batches<Row> extends Map<string, Row[]> {
  add(tracker: string, row: Row): void {
    const rows = this.get(tracker);
    if (rows) rows.push(row);
    else this.set(tracker, [row]);
  }
}

function metric(key: string, value: number, timestamp: number): Metric {
  return { key, value, step: 0, timestamp };
}

function texts(params: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
