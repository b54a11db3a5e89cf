import type { JsonObject, JsonValue } from "../json.ts";
import type { ServiceClosed, ServiceReady } from "./service-event.ts";

export type * from "./service-event.ts";

/**
 * What happened in a run, in the order it happened. The events table is the truth: replaying a run's events
 * gives the engine's state. Consumers (`--json`, live pages, agents, tracker rows) read the same events and keep
 * the `seq` they have come to.
 */
export type RunEvent = EventEnvelope & EventBody;

export interface EventEnvelope {
  /** Position in the journal, from 1, over all runs of a store. */
  readonly seq: number;
  readonly run: string;
  /** Milliseconds since the epoch, by the owner's clock. */
  readonly time: number;
}

export type EventBody =
  | RunCreated
  | RunResumed
  | RunPaused
  | RunContinued
  | RunCancelling
  | RunRetried
  | RunFinished
  | TaskExpanded
  | BranchTaken
  | TaskOpened
  | TaskSkipped
  | TaskCached
  | AttemptStarted
  | AttemptSucceeded
  | AttemptFailed
  | AttemptCancelled
  | ServiceReady
  | ServiceClosed
  | ApprovalRequested
  | ApprovalDecided;

export type RunStatus =
  | "running"
  | "waiting"
  | "paused"
  | "cancelling"
  | "succeeded"
  | "failed"
  | "cancelled";

/**
 * `up`: a service that can be asked; to what hangs on it, it has succeeded. `upstream-failed`: never started, because
 * something it needs failed.
 */
export type TaskStatus =
  | "pending"
  | "running"
  | "up"
  | "waiting"
  | "succeeded"
  | "failed"
  | "skipped"
  | "cancelled"
  | "upstream-failed";

export interface RunCreated {
  readonly event: "run-created";
  readonly application: string;
  readonly workflow: string;
  /** sha256 of the plan's JSON; the plan itself lies in the journal's `plans` table. */
  readonly plan: string;
  readonly params: JsonObject;
  readonly device: Device;
  readonly capacity: Capacity;
  /** Whether unchanged tasks may be taken from the cache. */
  readonly cache: boolean;
  /** Digests of artifacts that stand for files of the application's folder, by path: what a reproduction reads. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** The versions of data that inputs of the plan name, by the name as it is written there: `digits` or `digits@2`. */
  readonly data?: Readonly<Record<string, RunData>>;
  readonly cause: { readonly kind: "manual" } | { readonly kind: "reproduce"; readonly run: string };
  /** Who started it, when known. */
  readonly user: string | null;
  /** Nonce of the owning process; fencing tokens begin with it. */
  readonly owner: string;
}

/** A version of a dataset as it was when the run was made. */
export interface RunData {
  readonly dataset: string;
  readonly version: number;
  readonly digest: string;
  /** What its file or folder was called; an input's extension is taken from it. */
  readonly fileName: string;
}

/** Facts about the machine, read by conditions as `device.…`. */
export interface Device {
  /** Free name that the user gives to a class of machines; default `<platform>-<arch>`. */
  readonly kind: string;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  readonly gpus: number;
  readonly platform: string;
  readonly arch: string;
}

/** What tasks may use at once. */
export interface Capacity {
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
  readonly gpu: number;
  /** Most attempts at once. */
  readonly tasks: number;
}

/** A new owner took the run up; attempts of the one before are lost (they follow as `attempt-failed`). */
export interface RunResumed {
  readonly event: "run-resumed";
  /** Nonce of the new owner. */
  readonly owner: string;
}

export interface RunPaused {
  readonly event: "run-paused";
}

export interface RunContinued {
  readonly event: "run-continued";
}

export interface RunCancelling {
  readonly event: "run-cancelling";
  readonly reason: string;
}

/** Failed, cancelled and upstream-failed tasks (and what was skipped because of them) are pending again. */
export interface RunRetried {
  readonly event: "run-retried";
  readonly tasks: readonly string[];
}

export interface RunFinished {
  readonly event: "run-finished";
  readonly status: "succeeded" | "failed" | "cancelled";
  /** Every task that does work, in plan order (control points are left out). */
  readonly tasks: readonly TaskSummary[];
}

export interface TaskSummary {
  readonly name: string;
  readonly status: TaskStatus;
  readonly cached: boolean;
  /** How many attempts were started. */
  readonly attempts: number;
  /** How long its attempts ran, in all; not the time between them, nor a person's. */
  readonly durationMs: number;
}

export interface TaskExpanded {
  readonly event: "task-expanded";
  readonly task: string;
  readonly items: readonly JsonValue[];
}

export interface BranchTaken {
  readonly event: "branch-taken";
  readonly task: string;
  /** null: no branch's condition held. */
  readonly branch: number | null;
}

/** A nested workflow's entry was passed. */
export interface TaskOpened {
  readonly event: "task-opened";
  readonly task: string;
}

export interface TaskSkipped {
  readonly event: "task-skipped";
  readonly task: string;
  readonly status: "skipped" | "upstream-failed" | "cancelled" | "failed";
  readonly reason: SkipReason;
  /** The upstream, guard or error that decided it. */
  readonly detail: string;
}

export type SkipReason =
  | "condition"
  | "branch"
  | "upstream-skipped"
  | "upstream-failed"
  | "edge-condition"
  | "cancelled"
  | "error";

export interface TaskCached {
  readonly event: "task-cached";
  readonly task: string;
  readonly key: string;
  readonly from: { readonly run: string; readonly task: string; readonly attempt: number };
  readonly outputs: Readonly<Record<string, string>>;
  readonly result: JsonObject;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface AttemptStarted {
  readonly event: "attempt-started";
  readonly task: string;
  /** From 1. */
  readonly attempt: number;
  /** Fencing token: an answer without it, or with an older one, is refused. */
  readonly token: string;
  /** Cache key; null where caching is off. */
  readonly key: string | null;
  readonly miss: CacheMiss;
}

/** Why the task was not taken from the cache. */
export interface CacheMiss {
  readonly reason: "first-run" | "changed" | "off" | "service" | "retry" | "artifact-lost";
  /** For `changed`: which parts of the key differ from the last run of this task, such as `code: steps/split.ts`. */
  readonly changed: readonly string[];
}

export interface AttemptSucceeded {
  readonly event: "attempt-succeeded";
  readonly task: string;
  readonly attempt: number;
  readonly token: string;
  /** Output name to artifact digest. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly result: JsonObject;
  /** Last value of every metric that the attempt logged. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly usage: Usage;
}

/** What an attempt used; null where it could not be measured. */
export interface Usage {
  readonly cpuMs: number | null;
  /** Bytes. */
  readonly peakMemory: number | null;
  readonly readBytes: number | null;
  readonly writtenBytes: number | null;
  /** In a container: the id of its image, or where the platform tells that, its digest in a registry. Its name may by now be another image's. */
  readonly image?: string;
}

export interface AttemptFailed {
  readonly event: "attempt-failed";
  readonly task: string;
  readonly attempt: number;
  readonly token: string;
  readonly error: { readonly code: string; readonly message: string };
  /** When the next attempt may start (milliseconds since the epoch); null: there is none. */
  readonly retryAt: number | null;
  readonly usage: Usage;
  /** Of a checker that did its work and failed by its verdict: what it gave all the same. */
  readonly outputs?: AttemptSucceeded["outputs"];
  readonly result?: AttemptSucceeded["result"];
  readonly metrics?: AttemptSucceeded["metrics"];
}

export interface AttemptCancelled {
  readonly event: "attempt-cancelled";
  readonly task: string;
  readonly attempt: number;
  readonly token: string;
}

export interface ApprovalRequested {
  readonly event: "approval-requested";
  readonly task: string;
  readonly message: string;
}

export interface ApprovalDecided {
  readonly event: "approval-decided";
  readonly task: string;
  readonly approved: boolean;
  readonly by: string;
  readonly comment: string;
}
