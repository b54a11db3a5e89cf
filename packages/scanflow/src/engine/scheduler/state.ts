import type {
  JsonObject,
  JsonValue,
  RunCreated,
  RunStatus,
  SkipReason,
  TaskStatus,
  WorkTask,
} from "@scanflow/core";

/** What is known of one task instance. Outside a map a task has one instance; inside, one per item. */
export interface TaskState {
  /** Task id with its map indices filled in: `train[2]/fit`. */
  readonly id: string;
  /** Position of the task in the plan. */
  readonly template: number;
  /** One index per enclosing map, outermost first. */
  readonly index: readonly number[];
  status: TaskStatus;
  /** Attempts started, in all. */
  attempts: number;
  /** Attempts that count towards the retry limit (lost ones do not; a person's retry starts anew). */
  tries: number;
  /** Attempts lost with their owner, in a row. */
  lost: number;
  /** The token of the attempt that runs now. */
  token: string | null;
  /** Not to be started before this time. */
  retryAt: number | null;
  cached: boolean;
  /** When its first attempt (or what it is instead) began, and when it ended. */
  startedAt: number | null;
  endedAt: number | null;
  /** When the attempt that runs now began. */
  attemptAt: number | null;
  /** How long its attempts ran, in all, without the time between them. */
  ranMs: number;
  outputs: Readonly<Record<string, string>>;
  result: JsonObject;
  metrics: Readonly<Record<string, number>>;
  /** Of a service, from its first attempt on. */
  service: ServiceState | null;
  /** Of a choice: the branch taken. */
  branch: number | null;
  /** Of a map: the items it was opened with. */
  items: readonly JsonValue[] | null;
  reason: SkipReason | null;
  error: { readonly code: string; readonly message: string } | null;
}

export interface ServiceState {
  /** What its last attempt was known by; "" where that is not on record. */
  readonly key: string;
  /** Its base address while it is up. */
  readonly url: string | null;
}

/** The state of a run: what replaying its events gives, and all there is. */
export interface RunState {
  readonly run: string;
  created: Omit<RunCreated, "event"> | null;
  status: RunStatus;
  owner: string;
  tasks: TaskState[];
}

export function newTaskState(id: string, template: number, index: readonly number[]): TaskState {
  return {
    id,
    template,
    index,
    status: "pending",
    attempts: 0,
    tries: 0,
    lost: 0,
    token: null,
    retryAt: null,
    cached: false,
    startedAt: null,
    endedAt: null,
    attemptAt: null,
    ranMs: 0,
    outputs: {},
    result: {},
    metrics: {},
    service: null,
    branch: null,
    items: null,
    reason: null,
    error: null,
  };
}

/** Fills the map indices into a task id: `train[*]/fit[*]` and [2, 0] give `train[2]/fit[0]`. */
export function instanceId(taskId: string, index: readonly number[]): string {
  let next = 0;
  return index.length === 0 ? taskId : taskId.replaceAll("[*]", () => `[${index[next++]}]`);
}

/** Whether nothing has to be waited for any more: it has ended, or is a service that can be asked. */
export function isTerminal(status: TaskStatus): boolean {
  return status !== "pending" && status !== "running" && status !== "waiting";
}

/** Whether an attempt is under way. */
export function isUnderWay({ status }: Pick<TaskState, "status">): boolean {
  return status === "running" || status === "up";
}

/** Whether a task of this kind does work (control points do not). */
export function isWork(kind: string): kind is WorkTask["kind"] {
  return kind === "executor" || kind === "checker" || kind === "service";
}
