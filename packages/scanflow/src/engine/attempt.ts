import type { Verdict } from "@scanflow/checks";
import type { JsonObject, Usage, WorkTask } from "@scanflow/core";
import { errorCode } from "@scanflow/core";
import type { AttemptListener, AttemptOutcome, AttemptSpec, RunningAttempt } from "../runners/runner.ts";
import type { ActiveRun } from "./active-run.ts";
import type { EngineRooms } from "./engine.ts";
import { isFunction } from "./is-function.ts";
import { isMissingFile, type Prepared } from "./preparation.ts";
import type { Input } from "./scheduler/input.ts";
import { serviceAnswer } from "./service-answer.ts";
import { trackerRunId } from "./tracker-runs.ts";

export interface AttemptOptions {
  readonly run: ActiveRun;
  readonly rooms: EngineRooms;
  readonly prepared: Prepared;
  /** Of its `attempt-started`. */
  readonly seq: number;
  readonly place: { readonly task: string; readonly attempt: number; readonly token: string };
  /** Whether it was stopped before it ran. */
  readonly stopped: () => boolean;
  /** Told once it runs, with the key of the work as it is now. */
  readonly running: (attempt: RunningAttempt, key: string) => void;
  /** Told when a service can be asked. */
  readonly ready: (url: string) => void;
}

/** What the scheduler is told of an attempt's end. */
export type AttemptAnswer = Input extends infer I
  ? I extends { kind: "succeeded" | "failed" | "ended" }
    ? Omit<I, "now">
    : never
  : never;

/** Runs one attempt to its end and says what the scheduler is to be told. */
export async function attempt(options: AttemptOptions): Promise<AttemptAnswer> {
  const { run, rooms, place } = options;
  const work = run.scheduler.task(place.task);
  // The code may have changed while the task waited for its resources: the key follows what really runs.
  let prepared: Prepared;
  try {
    prepared = await rooms.preparation.again(work, options.prepared);
  } catch (cause) {
    return notPrepared(place, cause);
  }
  if (!isFunction(work.run)) await run.ledger.reached(options.seq);
  if (options.stopped()) return { kind: "ended", ...place };
  const said = new Said();
  const started = rooms.runner.start(specOf({ ...options, prepared }), listenerOf(options, said));
  options.running(started, prepared.key);
  return answerTo(started, options, { said, prepared });
}

/**
 * Goes on with an attempt that the last owner started, where the platform still has it: gives how it will end, or
 * null. `prepared` is the same work as it was when it started.
 */
export async function adoptAttempt(options: AttemptOptions): Promise<(() => Promise<AttemptAnswer>) | null> {
  const { rooms, prepared } = options;
  const said = new Said();
  const found = await rooms.runner.adopt?.(specOf(options), listenerOf(options, said));
  if (!found) return null;
  options.running(found, prepared.key);
  return () => answerTo(found, options, { said, prepared });
}

function specOf({ run, rooms, prepared, place }: AttemptOptions): AttemptSpec {
  const work = run.scheduler.task(place.task);
  const { folder } = rooms;
  const { application, workflow } = run.plan;
  const token = run.ledger.token(work);
  return {
    run: run.id,
    ...place,
    origin: { application, workflow, group: work.group },
    resources: work.resources,
    placement: work.placement,
    ...(work.service && { service: work.service }),
    services: run.scheduler.addresses(place.task),
    root: folder.root,
    workdir: folder.workdir(run.id, place.task, place.attempt),
    checkpoint: folder.checkpoint(run.id, place.task),
    log: folder.log(run.id, place.task, place.attempt),
    command: work.run,
    inputs: prepared.inputs,
    inputFiles: prepared.inputFiles,
    outputs: work.outputs,
    params: prepared.params,
    ...(prepared.item === undefined ? {} : { item: prepared.item }),
    environment: work.environment,
    env: work.env,
    secrets: work.secrets,
    timeout: work.timeout,
    retry: work.retry,
    tracking: {
      uri: run.ledger.uri(work),
      experimentId: run.ledger.experiment(work),
      runId: trackerRunId(run.id, place.task, place.attempt),
      ...(token !== undefined && { token }),
    },
  };
}

/** What a step logged while it ran. */
class Said {
  readonly logs: Promise<void>[] = [];
  readonly latest = new Latest();
}

function listenerOf(
  { run, rooms, place, seq, ready }: AttemptOptions,
  { logs, latest }: Said,
): AttemptListener {
  const work = run.scheduler.task(place.task);
  const runId = trackerRunId(run.id, place.task, place.attempt);
  return {
    started: () => {},
    ready,
    logged: (batch) => {
      latest.take(batch.metrics);
      const log = run.ledger.reached(seq).then(() => run.ledger.log(work, runId, batch));
      // Looked at once the step has ended.
      log.catch(() => undefined);
      logs.push(log);
    },
    line: (line) => rooms.onLine?.({ run: run.id, task: place.task, attempt: place.attempt, line }),
  };
}

async function answerTo(
  started: RunningAttempt,
  { run, rooms, place, stopped }: AttemptOptions,
  { said: { logs, latest }, prepared }: { readonly said: Said; readonly prepared: Prepared },
): Promise<AttemptAnswer> {
  const work = run.scheduler.task(place.task);
  const runId = trackerRunId(run.id, place.task, place.attempt);
  const outcome = await started.done;
  if (work.run.kind !== "module") await run.ledger.keepParams(work, runId, prepared.params);
  if (work.kind === "service") {
    const metrics = await run.ledger.metrics(work, runId);
    return serviceAnswer(outcome, { place, metrics, asked: stopped() });
  }
  const refused = (await Promise.allSettled(logs)).find((log) => log.status === "rejected");
  if (outcome.kind === "cancelled") return { kind: "ended", ...place };
  if (outcome.kind === "failed") return { ...outcome, ...place };
  if (refused) {
    // What the tracker refuses (a metric's name) is the step's fault; that it cannot be reached is not.
    const code = errorCode(refused.reason);
    if (!code?.startsWith("SCANFLOW_TRACKING_")) throw refused.reason;
    const error = {
      code,
      message: `Task "${place.task}" logged what its tracker refuses: ${messageOf(refused.reason)}`,
    };
    return { kind: "failed", ...place, error, retryable: false, usage: outcome.usage };
  }
  const metrics = isFunction(work.run) ? latest.values() : await run.ledger.metrics(work, runId);
  if (work.kind !== "checker") return { ...outcome, ...place, metrics };
  return judged({ outcome, work, place, metrics, rooms });
}

/** Its code or environment is not there as it was: that is this task's failure, and a later try may find it. */
function notPrepared(place: AttemptOptions["place"], cause: unknown): AttemptAnswer {
  const code = errorCode(cause) ?? (isMissingFile(cause) ? "SCANFLOW_CODE_MISSING" : undefined);
  if (code === undefined) throw cause;
  const error = { code, message: messageOf(cause) };
  const usage: Usage = { cpuMs: null, peakMemory: null, readBytes: null, writtenBytes: null };
  return { kind: "failed", ...place, error, retryable: true, usage };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

type Succeeded = Extract<AttemptOutcome, { kind: "succeeded" }>;

interface Checked {
  readonly outcome: Succeeded;
  readonly work: WorkTask;
  readonly place: AttemptOptions["place"];
  readonly metrics: Readonly<Record<string, number>>;
  readonly rooms: EngineRooms;
}

/** A checker's verdict becomes part of its result, and fails the task where it is told to. */
async function judged({ outcome, work, place, metrics, rooms }: Checked): Promise<AttemptAnswer> {
  const failed = (code: string, message: string): Extract<AttemptAnswer, { kind: "failed" }> => ({
    kind: "failed",
    ...place,
    error: { code, message },
    retryable: false,
    usage: outcome.usage satisfies Usage,
  });
  // Only checkers need it, and loading it takes every command its time.
  const { gravity, parseVerdict } = await import("@scanflow/checks");
  let verdict: Verdict;
  try {
    const digest = outcome.outputs.verdict;
    if (digest === undefined) throw new Error("it wrote none");
    verdict = parseVerdict(JSON.parse(await readArtifact(rooms, digest)));
  } catch (error) {
    const reason = messageOf(error);
    return failed(
      "SCANFLOW_VERDICT_INVALID",
      `Checker "${place.task}" gave no valid verdict (${reason}). Write {"status", "kind", "evidence"} as JSON to the output "verdict".`,
    );
  }
  const { status, kind, message } = verdict;
  const result: JsonObject = { ...outcome.result, status, kind, message };
  if (work.failOn !== "never" && gravity(status) >= gravity(work.failOn)) {
    const answer = failed(
      "SCANFLOW_CHECK_FAILED",
      `Checker "${place.task}" says ${status}: ${sentence(message)} See its verdict with "scanflow show", or loosen failOn.`,
    );
    return { ...answer, outputs: outcome.outputs, result, metrics };
  }
  return { ...outcome, ...place, result, metrics };
}

/** Some checkers end their message with a full stop, some do not. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

async function readArtifact(rooms: EngineRooms, digest: string): Promise<string> {
  const { stream } = await rooms.artifacts.open(digest);
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks).toString("utf8");
}

/** Last value of each metric: the largest step, then time, then value, as the tracker has it. */
class Latest {
  readonly #points = new Map<string, { step: number; time: number; value: number }>();

  take(metrics: readonly { key: string; value: number; step: number; time: number }[]): void {
    for (const point of metrics) {
      const known = this.#points.get(point.key);
      const later =
        !known ||
        point.step > known.step ||
        (point.step === known.step &&
          (point.time > known.time || (point.time === known.time && point.value > known.value)));
      if (later) this.#points.set(point.key, point);
    }
  }

  values(): Record<string, number> {
    return Object.fromEntries([...this.#points].map(([key, { value }]) => [key, value]));
  }
}
