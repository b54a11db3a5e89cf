import { errorCode, ScanflowError } from "@scanflow/core";
import type { Dataset, Lineage } from "../api/index.ts";
import type { RunRow, Scheduler } from "../engine/index.ts";
import { doesWork } from "./decisions.ts";
import { attemptsOfDigest, wholeDigest } from "./find-digest.ts";
import { type LineageRooms, LineageSources } from "./lineage-sources.ts";
import { withNamedData } from "./named-data.ts";
import { makerOf, type RunRecord } from "./run-record.ts";
import { parseSubject, type Subject } from "./subject.ts";
import { Trace } from "./trace.ts";
import { traceLogged, traceModel } from "./trace-model.ts";

/** How names of runs, tasks and trackers are found. */
export interface LineageNames {
  /** Errors: SCANFLOW_RUN_UNKNOWN, SCANFLOW_RUN_AMBIGUOUS. */
  readonly run: (text: string) => Promise<RunRow>;
  /** Errors: SCANFLOW_TASK_UNKNOWN, SCANFLOW_TASK_AMBIGUOUS. */
  readonly task: (scheduler: Scheduler, text: string) => string;
  /** Ids of the trackers that workflows have of their own. */
  readonly trackers: () => Promise<readonly string[]>;
  /** The catalog of data. */
  readonly data: () => Promise<readonly Dataset[]>;
}

/**
 * Where something came from: `models:/digits/3`, `models:/digits@alias`, `RUN`, `RUN/TASK`, `RUN/TASK/OUTPUT`,
 * `sha256:…` or `runs:/TRACKER_RUN/path`, back to the files that were there first.
 *
 * Errors: SCANFLOW_LINEAGE_UNKNOWN, SCANFLOW_LINEAGE_AMBIGUOUS, and those of `names`.
 */
export async function traceLineage(rooms: LineageRooms, names: LineageNames, text: string): Promise<Lineage> {
  const sources = new LineageSources(rooms);
  const trace = new Trace(sources);
  const subject = parseSubject(text);
  const subjects = await traceSubject({ trace, sources, names, text }, subject);
  return withNamedData(await trace.finish(subjects), await names.data());
}

interface Tracing {
  readonly trace: Trace;
  readonly sources: LineageSources;
  readonly names: LineageNames;
  readonly text: string;
}

function traceSubject(tracing: Tracing, subject: Subject): Promise<string[]> {
  switch (subject.kind) {
    case "model":
      return ofModel(tracing, subject);
    case "logged":
      return ofLogged(tracing, subject);
    case "digest":
      return ofDigest(tracing, subject.digest);
    case "place":
      return ofPlace(tracing, subject);
  }
}

async function ofModel(
  { trace, sources, names, text }: Tracing,
  { name, reference }: Extract<Subject, { kind: "model" }>,
): Promise<string[]> {
  for (const tracker of ["", ...(await names.trackers())]) {
    const origin = await sources.rooms.trackers.borrow(tracker, (tracking) =>
      tracking.modelOrigin(name, reference),
    );
    if (origin) return [await traceModel(trace, sources, { tracker, origin })];
  }
  throw unknown(
    text,
    `no model "${name}" has ${reference.startsWith("@") ? "an alias" : "a version"} "${reference.replace(/^@/, "")}" here. See what runs registered with "scanflow show".`,
  );
}

async function ofLogged(
  { trace, sources, names, text }: Tracing,
  { runId, path }: Extract<Subject, { kind: "logged" }>,
): Promise<string[]> {
  for (const tracker of ["", ...(await names.trackers())]) {
    const files = await sources.rooms.trackers.borrow(tracker, (tracking) =>
      tracking.filesOfRun(runId, path),
    );
    const named = files.map((file) => ({ ...file, path: [path, file.path].filter(Boolean).join("/") }));
    if (named.length > 0) return traceLogged(trace, sources, { tracker, runId, files: named });
  }
  throw unknown(text, `no run of a tracker here has the id "${runId}" and holds "${path}".`);
}

async function ofDigest({ trace, sources, names, text }: Tracing, start: string): Promise<string[]> {
  const digest = await wholeDigest(sources.rooms.store, start);
  const { made, read } = await attemptsOfDigest(sources.rooms.store, digest);
  const subjects: string[] = [];
  for (const { run, task, output } of made) {
    const record = await sources.record(run);
    if (record) subjects.push(await trace.output(record, task, output));
  }
  if (subjects.length > 0) return subjects;
  for (const tracker of ["", ...(await names.trackers())]) {
    const holders = await sources.rooms.trackers.borrow(tracker, (tracking) => tracking.holdersOf(digest));
    for (const { runId, path } of holders.slice(0, 1)) {
      subjects.push(...(await traceLogged(trace, sources, { tracker, runId, files: [{ path, digest }] })));
    }
  }
  for (const { run, task } of subjects.length > 0 ? [] : read) {
    const record = await sources.record(run);
    if (!record) continue;
    await trace.attempt(makerOf(record, task), { record, task });
    subjects.push(...trace.graph.holding(digest));
  }
  if (subjects.length > 0) return subjects;
  throw unknown(text, "nothing that is recorded here made or read a content of this digest.");
}

async function ofPlace(
  tracing: Tracing,
  { run, rest }: Extract<Subject, { kind: "place" }>,
): Promise<string[]> {
  const { trace, sources, names } = tracing;
  const row = await names.run(run);
  const record = await sources.record(row.run);
  if (!record) throw unknown(tracing.text, `run ${row.run} was removed.`);
  if (rest === "") {
    const subjects: string[] = [];
    for (const task of ended(record)) subjects.push(await allOf(trace, record, task));
    return subjects;
  }
  const { task, output } = placeIn(record, names, rest);
  const { attempts, cached } = record.scheduler.taskState(task);
  if (!doesWork(record.scheduler.planTask(task)) || (attempts === 0 && !cached)) {
    throw unknown(tracing.text, `"${task}" made nothing in run ${row.run}. Ask "scanflow why ${task}".`);
  }
  return output === null ? [await allOf(trace, record, task)] : [await trace.output(record, task, output)];
}

function allOf(trace: Trace, record: RunRecord, task: string): Promise<string> {
  return trace.attempt(makerOf(record, task), { record, task });
}

/** The tasks of a run that did work and that no other task follows. */
function ended({ scheduler }: RunRecord): string[] {
  const followed = new Set(
    scheduler.plan.tasks.flatMap(({ upstreams }) => upstreams.map(({ task }) => task)),
  );
  return scheduler.state.tasks.flatMap(({ id, attempts, cached }) => {
    const task = scheduler.planTask(id);
    return doesWork(task) && (attempts > 0 || cached) && !followed.has(task.id) ? [id] : [];
  });
}

/** `train/mlp` is a task; what follows the last slash may also be an output of the task before it, or its file. */
function placeIn(
  { scheduler }: RunRecord,
  { task: find }: LineageNames,
  rest: string,
): { task: string; output: string | null } {
  try {
    return { task: find(scheduler, rest), output: null };
  } catch (error) {
    const slash = rest.lastIndexOf("/");
    if (slash < 0 || errorCode(error) !== "SCANFLOW_TASK_UNKNOWN") throw error;
    const task = find(scheduler, rest.slice(0, slash));
    const wanted = rest.slice(slash + 1);
    const { outputs } = scheduler.taskState(task);
    const declared = "outputs" in scheduler.planTask(task) ? scheduler.task(task).outputs : {};
    const output = Object.keys(outputs).find((name) => name === wanted || declared[name]?.path === wanted);
    if (output !== undefined) return { task, output };
    const has = Object.keys(outputs).join(", ") || "none";
    throw unknown(rest, `task "${task}" has no output "${wanted}"; it has ${has}.`);
  }
}

function unknown(text: string, reason: string): ScanflowError {
  return new ScanflowError("SCANFLOW_LINEAGE_UNKNOWN", `Of "${text}" no lineage is known: ${reason}`);
}
