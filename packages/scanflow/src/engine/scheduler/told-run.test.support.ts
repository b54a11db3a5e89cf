import {
  type EdgeCondition,
  type EventBody,
  type JsonObject,
  type Plan,
  type PlanTask,
  parseExpression,
  type RunEvent,
} from "@scanflow/core";
import { type Command, type Input, Scheduler } from "./scheduler.ts";

const DEVICE = { kind: "typeA", cpus: 2, memory: 1, gpus: 0, platform: "linux", arch: "x64" };
const CAPACITY = { cpu: 2, memory: 1, gpu: 0, tasks: 9 };
const USAGE = { cpuMs: null, peakMemory: null, readBytes: null, writtenBytes: null };

const PLAN = {
  version: 1,
  application: "app",
  workflow: "w",
  mode: "batch",
  params: {},
  groups: [{ id: "", workflow: "w", description: "", parent: null, tracker: "" }],
  trackers: [{ id: "", name: "embedded", port: null, group: "" }],
  schedules: [],
} as const;

export const BASE = { description: "", group: "", maps: [], upstreams: [], guards: [], when: null } as const;

/** A task of a plan by hand: `out` is its output. */
export function work(
  id: string,
  rest: Partial<Extract<PlanTask, { kind: "executor" | "checker" | "service" }>> = {},
): PlanTask {
  return {
    ...BASE,
    id,
    name: id,
    kind: "executor",
    run: { kind: "command", command: "true" },
    code: [],
    inputs: {},
    outputs: { out: { path: "out", type: "any", optional: false, register: null, description: "" } },
    params: {},
    environment: { kind: "host" },
    resources: { cpu: 1, memory: 0, gpu: 0, storage: 0 },
    placement: { labels: {}, tolerations: [], affinity: null, serviceAccount: null },
    env: {},
    secrets: [],
    retry: { limit: 0, delayMs: 0, factor: 2, maxDelayMs: 0, jitter: 0 },
    timeout: { startMs: null, runMs: null, heartbeatMs: null },
    cache: true,
    allowFailure: false,
    failOn: "never",
    tracker: "",
    service: null,
    ...rest,
  };
}

export const order = (task: string, condition: EdgeCondition = "succeeded") =>
  ({ task, kind: "order", if: condition }) as const;
export const data = (task: string, join?: string) =>
  ({ task, kind: "data", if: "succeeded", ...(join === undefined ? {} : { join }) }) as const;
export const from = (...tasks: string[]) =>
  ({ kind: "output", of: tasks.map((task) => ({ task, output: "out" })) }) as const;
export const holds = (text: string) => parseExpression(text, { names: "plan" });

export interface Told {
  /** Tasks that fail, and approvals that are refused. */
  readonly fail?: readonly string[];
  /** Tasks that write none of their outputs. */
  readonly empty?: readonly string[];
  readonly params?: JsonObject;
}

/** Runs tasks, or a whole plan, in order of opening: each does as it is told. */
export function run(of: readonly PlanTask[] | Plan, { fail = [], empty = [], params = {} }: Told = {}) {
  const plan: Plan = "tasks" in of ? of : { ...PLAN, tasks: of };
  const scheduler = new Scheduler(plan, "r");
  let seq = 0;
  const stamp = (body: EventBody): RunEvent => ({ seq: ++seq, run: "r", time: 0, ...body });
  const facts = { application: "app", workflow: "w", plan: "p", params, device: DEVICE, capacity: CAPACITY };
  const created = { ...facts, cache: true, cause: { kind: "manual" }, user: null, owner: "o" } as const;
  const queue: Command[] = [];
  const starts: string[] = [];
  const send = (input: Input) => queue.push(...scheduler.handle(input, stamp).commands);
  const decide = () => {
    const asked = scheduler.state.tasks.find(({ status }) => status === "waiting")?.id;
    if (asked === undefined) return;
    send({ kind: "decide", now: 0, task: asked, approved: !fail.includes(asked), by: "me", comment: "" });
  };
  send({ kind: "create", now: 0, ...created });
  decide();
  for (let command = queue.shift(); command; command = queue.shift()) {
    if (command.kind === "open") {
      const miss = { reason: "off", changed: [] } as const;
      send({ kind: "admitted", now: 0, task: command.task, key: null, miss });
    }
    if (command.kind === "start") {
      const { task, attempt, token } = command;
      starts.push(task);
      const answer = { now: 0, task, attempt, token, usage: USAGE };
      const error = { code: "SCANFLOW_TASK_FAILED", message: "told to" };
      const names = empty.includes(task) ? [] : Object.keys(scheduler.task(task).outputs);
      const outputs = Object.fromEntries(names.map((name) => [name, `sha256:${task}`]));
      if (fail.includes(task)) send({ kind: "failed", ...answer, error, retryable: false });
      else send({ kind: "succeeded", ...answer, outputs, result: {}, metrics: {} });
    }
    decide();
  }
  const statuses = Object.fromEntries(scheduler.state.tasks.map(({ id, status }) => [id, status]));
  return { statuses, status: scheduler.state.status, scheduler, starts };
}
