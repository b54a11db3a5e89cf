import type { RunEvent, TaskStatus } from "@scanflow/core";
import type { RunDetail, TaskRow } from "../../api/index.ts";
import { ItemNames } from "../item-names.ts";
import { headline } from "../text/headline.ts";
import { interruptedText, isInterruption } from "../text/interrupted.ts";
import { skipReason } from "../text/skip-reason.ts";
import { type Branch, branchesOf } from "./tree.ts";
import { isWork, type ViewTask } from "./view-task.ts";

const keptLines = 10;

/** A run as it is shown while it goes on: what its events say, folded up. */
export class RunView {
  readonly run: string;
  readonly workflow: string;
  readonly created: number;
  /** In the order of the plan; those inside a map when they are first heard of. */
  readonly tasks = new Map<string, ViewTask>();
  /** What the items of its maps are. */
  readonly items: ItemNames;
  status: RunDetail["status"] = "running";
  #branches: readonly Branch[] | null = null;

  constructor(detail: RunDetail) {
    this.run = detail.run;
    this.workflow = detail.workflow;
    this.created = detail.created;
    this.items = new ItemNames(detail.tasks);
    for (const task of detail.tasks) {
      const { id, kind, status, cached, attempts, startedAt, endedAt, retryAt } = task;
      const detail = knownDetail(task);
      const known = { id, kind, status, cached, attempts, startedAt, endedAt, retryAt, detail, lines: [] };
      this.tasks.set(id, known);
    }
  }

  /** The tasks as a tree. */
  get branches(): readonly Branch[] {
    this.#branches ??= branchesOf(this.tasks.values(), (path) => this.items.item(path));
    return this.#branches;
  }

  /** The tasks that are counted. */
  get work(): ViewTask[] {
    return [...this.tasks.values()].filter(isWork);
  }

  line(task: string, line: string): void {
    const { lines } = this.#task(task);
    if (lines.push(line) > keptLines) lines.shift();
  }

  take(event: RunEvent): void {
    switch (event.event) {
      case "run-created":
      case "run-resumed":
      case "run-continued":
        this.status = "running";
        return;
      case "run-paused":
        this.status = "paused";
        return;
      case "run-cancelling":
        this.status = "cancelling";
        return;
      case "run-finished":
        this.status = event.status;
        return;
      case "run-retried":
        this.status = "running";
        for (const id of event.tasks) Object.assign(this.#task(id), pending);
        return;
      default:
        this.#takeTask(event);
    }
  }

  #takeTask(event: Extract<RunEvent, { task: string }>): void {
    const task = this.#task(event.task);
    const end = (status: TaskStatus, detail = "") => {
      task.startedAt ??= event.time;
      Object.assign(task, { status, detail, endedAt: event.time, retryAt: null });
    };
    task.kind ??= KINDS[event.event] ?? null;
    switch (event.event) {
      case "task-expanded":
        this.items.take(event.task, event.items);
        this.#branches = null;
        return end("succeeded", `${event.items.length} items`);
      case "branch-taken":
      case "task-opened":
        return end("succeeded");
      case "task-skipped":
        return end(event.status, skipReason(event.reason, event.detail));
      case "task-cached":
        task.cached = true;
        return end("succeeded");
      case "attempt-started":
        Object.assign(task, {
          ...{ status: "running", attempts: event.attempt, startedAt: event.time },
          ...{ endedAt: null, retryAt: null, detail: "" },
        });
        return;
      case "attempt-succeeded":
        return end("succeeded");
      case "attempt-failed":
        if (event.retryAt === null) return end("failed", headline(event.error.message));
        Object.assign(task, {
          status: "pending",
          ...(isInterruption(event.error)
            ? { retryAt: null, detail: interruptedText }
            : { retryAt: event.retryAt, detail: headline(event.error.message) }),
        });
        return;
      case "attempt-cancelled":
        return end("cancelled");
      case "service-ready":
        Object.assign(task, { kind: "service", status: "up", detail: event.url });
        return;
      case "service-closed":
        if (!event.again) return end("succeeded");
        Object.assign(task, { status: "pending", detail: "" });
        return;
      case "approval-requested":
        Object.assign(task, { status: "waiting", startedAt: event.time, detail: event.message });
        return;
      case "approval-decided": {
        const comment = event.comment === "" ? "" : `: ${event.comment}`;
        const said = `${event.by} said ${event.approved ? "yes" : "no"}${comment}`;
        return end(event.approved ? "succeeded" : "failed", said);
      }
    }
  }

  #task(id: string): ViewTask {
    const known = this.tasks.get(id);
    if (known) return known;
    const made: ViewTask = { id, kind: null, ...pending, attempts: 0, lines: [] };
    this.tasks.set(id, made);
    this.#branches = null;
    return made;
  }
}

function knownDetail({ status, error, message }: TaskRow): string {
  if (status === "pending") return isInterruption(error) ? interruptedText : "";
  return message ?? "";
}

/** What is known of a task by what happens to it. */
const KINDS: Partial<Record<RunEvent["event"], NonNullable<ViewTask["kind"]>>> = {
  "task-expanded": "map",
  "branch-taken": "choice",
  "task-opened": "entry",
  "approval-requested": "approval",
  "attempt-started": "executor",
};

const pending = {
  status: "pending",
  cached: false,
  startedAt: null,
  endedAt: null,
  retryAt: null,
  detail: "",
} as const satisfies Partial<ViewTask>;
