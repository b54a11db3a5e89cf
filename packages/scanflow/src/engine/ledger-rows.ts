import type { JsonObject, JsonValue, Plan, RunCreated, RunEvent, Usage, WorkTask } from "@scanflow/core";
import type { CopiedParams, KeyValue, Metric, RunBatch, RunEnd, RunStart } from "@scanflow/tracking";
import { isWork } from "./scheduler/state.ts";
import { groupRunId, trackerRunId } from "./tracker-runs.ts";

/** What events ask of the trackers, gathered so that a thousand small tasks cost a few transactions. */
export interface LedgerRows {
  readonly starts: Batches<RunStart>;
  readonly logs: Batches<RunBatch>;
  /** Params that are carried over from what a cache hit stands for. */
  readonly copies: Batches<CopiedParams>;
  readonly files: FileRow[];
  readonly ends: Batches<RunEnd>;
}

/** Outputs of an attempt, to be laid into its tracker run. Attempt 0: taken from the cache. */
export interface FileRow {
  readonly task: string;
  readonly attempt: number;
  readonly outputs: Readonly<Record<string, string>>;
  /** Of an attempt that failed all the same: nothing of it is registered. */
  readonly failed?: boolean;
}

/** Rows by tracker id. */
export class Batches<Row> extends Map<string, Row[]> {
  add(tracker: string, row: Row): void {
    const rows = this.get(tracker);
    if (rows) rows.push(row);
    else this.set(tracker, [row]);
  }
}

/** The work tasks of a plan, found by instance id. */
export class WorkTasks {
  readonly #tasks = new Map<string, WorkTask>();

  constructor(plan: Plan) {
    for (const task of plan.tasks) if (isWork(task.kind) && "run" in task) this.#tasks.set(task.id, task);
  }

  get(instance: string): WorkTask {
    const work = this.#tasks.get(instance) ?? this.#tasks.get(instance.replaceAll(/\[\d+\]/g, "[*]"));
    if (!work) throw new Error(`the plan has no work task "${instance}"`);
    return work;
  }
}

interface Sources {
  readonly run: string;
  readonly plan: Plan;
  readonly tasks: WorkTasks;
  readonly created: RunCreated;
  /** Experiment id by tracker id. */
  readonly experiments: ReadonlyMap<string, string>;
}

/** The rows of events. Every row has an id that follows from its event, so that it may be written again. */
export function ledgerRows(sources: Sources, events: readonly RunEvent[]): LedgerRows {
  const rows: LedgerRows = {
    starts: new Batches(),
    logs: new Batches(),
    copies: new Batches(),
    files: [],
    ends: new Batches(),
  };
  for (const event of events) addRows(sources, event, rows);
  return rows;
}

function addRows(sources: Sources, event: RunEvent, rows: LedgerRows): void {
  switch (event.event) {
    case "run-created":
      return startGroups(sources, event.time, rows);
    case "attempt-started":
      return startAttempt(sources, event, { "scanflow.key": event.key ?? "" }, rows);
    case "attempt-succeeded":
      endAttempt(sources, event, "FINISHED", rows);
      logUsage(sources, event, event.usage, rows);
      rows.files.push(event);
      return;
    case "attempt-failed":
      endAttempt(sources, event, "FAILED", rows);
      if (event.outputs !== undefined) rows.files.push({ ...event, outputs: event.outputs, failed: true });
      return logUsage(sources, event, event.usage, rows);
    case "service-closed":
      endAttempt(sources, event, "FINISHED", rows);
      return logUsage(sources, event, event.usage, rows);
    case "attempt-cancelled":
      return endAttempt(sources, event, "KILLED", rows);
    case "task-cached":
      return cached(sources, event, rows);
    case "run-finished":
      for (const group of sources.plan.groups) {
        const runId = groupRunId(sources.run, group.id);
        rows.ends.add(group.tracker, { runId, status: STATUS[event.status], endTime: event.time });
      }
  }
}

const STATUS = { succeeded: "FINISHED", failed: "FAILED", cancelled: "KILLED" } as const;

/** A tracker run for the workflow and each nested one; under its parent's, where they share a tracker. */
function startGroups(
  { run, plan, created, experiments }: Sources,
  startTime: number,
  rows: LedgerRows,
): void {
  const trackers = new Map(plan.groups.map(({ id, tracker }) => [id, tracker]));
  for (const { id, parent, tracker, workflow } of plan.groups) {
    const nested = parent !== null && trackers.get(parent) === tracker;
    rows.starts.add(tracker, {
      runId: groupRunId(run, id),
      experimentId: experiments.get(tracker) ?? "0",
      name: parent === null ? run : id,
      startTime,
      userId: created.user ?? "",
      tags: keyValues({
        "scanflow.run": run,
        "scanflow.workflow": workflow,
        "scanflow.plan": created.plan,
        ...(created.user === null ? {} : { "mlflow.user": created.user }),
      }),
      params: parent === null ? keyValues(created.params) : [],
      ...(nested ? { parentRunId: groupRunId(run, parent) } : {}),
    });
  }
}

interface AttemptPlace {
  readonly task: string;
  readonly attempt: number;
  readonly time: number;
}

function startAttempt(
  { run, tasks, created, experiments }: Sources,
  { task, attempt, time }: AttemptPlace,
  tags: Readonly<Record<string, string>>,
  rows: LedgerRows,
): void {
  const { tracker, group } = tasks.get(task);
  rows.starts.add(tracker, {
    runId: trackerRunId(run, task, attempt),
    experimentId: experiments.get(tracker) ?? "0",
    name: task,
    startTime: time,
    userId: created.user ?? "",
    tags: keyValues({
      "scanflow.run": run,
      "scanflow.task": task,
      "scanflow.attempt": String(attempt),
      ...tags,
      ...(created.user === null ? {} : { "mlflow.user": created.user }),
    }),
    parentRunId: groupRunId(run, group),
  });
}

function endAttempt(sources: Sources, place: AttemptPlace, status: RunEnd["status"], rows: LedgerRows): void {
  const { task, attempt, time } = place;
  const runId = trackerRunId(sources.run, task, attempt);
  rows.ends.add(sources.tasks.get(task).tracker, { runId, status, endTime: time });
}

/** A cache hit has a run of its own that says where its values come from. */
function cached(
  sources: Sources,
  event: Extract<RunEvent, { event: "task-cached" }>,
  rows: LedgerRows,
): void {
  const { task, time } = event;
  const from = trackerRunId(event.from.run, event.from.task, event.from.attempt);
  const tags = { "scanflow.key": event.key, "scanflow.cached": "true", "scanflow.cached_from": from };
  startAttempt(sources, { task, attempt: 0, time }, tags, rows);
  endAttempt(sources, { task, attempt: 0, time }, "FINISHED", rows);
  const metrics = Object.entries(event.metrics).map(([key, value]) => metric(key, value, time));
  const runId = trackerRunId(sources.run, task, 0);
  const { tracker } = sources.tasks.get(task);
  rows.logs.add(tracker, { runId, metrics, params: [], tags: [] });
  rows.copies.add(tracker, { runId, from });
  rows.files.push({ task, attempt: 0, outputs: event.outputs });
}

const USAGE_METRICS: readonly (readonly [string, Exclude<keyof Usage, "image">])[] = [
  ["system/cpu_ms", "cpuMs"],
  ["system/peak_memory_bytes", "peakMemory"],
  ["system/read_bytes", "readBytes"],
  ["system/written_bytes", "writtenBytes"],
];

function logUsage(
  sources: Sources,
  { task, attempt, time }: AttemptPlace,
  usage: Usage,
  rows: LedgerRows,
): void {
  const metrics = USAGE_METRICS.flatMap(([key, name]) => {
    const value = usage[name];
    return value === null ? [] : [metric(key, value, time)];
  });
  const tags = usage.image === undefined ? [] : keyValues({ "scanflow.image": usage.image });
  if (metrics.length + tags.length === 0) return;
  const runId = trackerRunId(sources.run, task, attempt);
  rows.logs.add(sources.tasks.get(task).tracker, { runId, metrics, params: [], tags });
}

function metric(key: string, value: number, timestampMs: number): Metric {
  return { key, value, step: 0, timestampMs };
}

/** Values as the tracker keeps them: text as it is, else JSON. */
export function keyValues(values: Readonly<Record<string, JsonValue>> | JsonObject): KeyValue[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === "string" ? value : JSON.stringify(value),
  }));
}
