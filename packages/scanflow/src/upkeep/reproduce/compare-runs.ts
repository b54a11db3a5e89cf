import type { RunStatus, TaskStatus } from "@scanflow/core";
import type { ArtifactStore } from "@scanflow/tracking/artifacts";
import type { Scheduler } from "../../engine/index.ts";
import type { UpkeepRooms } from "../upkeep-rooms.ts";
import { compareContent } from "./compare-content.ts";
import { compareValues } from "./compare-values.ts";
import { type Parts, recordedParts } from "./recorded-parts.ts";

/** Two runs of one plan, task by task. */
export interface Comparison {
  readonly before: { readonly run: string; readonly status: RunStatus };
  readonly after: { readonly run: string; readonly status: RunStatus };
  /** Whether every task ended alike, with the same outputs, results and metrics. */
  readonly equal: boolean;
  readonly tasks: readonly TaskComparison[];
}

export interface TaskComparison {
  readonly task: string;
  readonly equal: boolean;
  readonly status: TaskStatus | null;
  /**
   * Why it may differ: what it is made of changed since (`code`); it was given something else (`inputs`); or neither:
   * it does not always give the same (`itself`).
   */
  readonly cause: "code" | "inputs" | "itself" | null;
  /** What it is made of and changed since, such as `code: steps/split.ts`. Also of a task that is equal. */
  readonly changed: readonly string[];
  readonly differences: readonly Difference[];
}

export interface Difference {
  /** Such as `status`, `output model`, `result rows`, `metric accuracy`. */
  readonly what: string;
  readonly before: string;
  readonly after: string;
  /** Where contents first differ. */
  readonly detail: string | null;
}

/** Errors: SCANFLOW_RUN_UNKNOWN. */
export async function compareRuns(rooms: UpkeepRooms, before: string, after: string): Promise<Comparison> {
  const { engine, artifacts } = rooms;
  const [old, fresh] = [await engine.scheduler(before), await engine.scheduler(after)];
  const [oldParts, freshParts] = [await recordedParts(engine, before), await recordedParts(engine, after)];
  const ids = new Set([...old.state.tasks, ...fresh.state.tasks].map(({ id }) => id));
  const tasks: TaskComparison[] = [];
  for (const task of ids) {
    const states = { before: stateOf(old, task), after: stateOf(fresh, task) };
    if (isControl(old, task) || isControl(fresh, task)) continue;
    const differences = await differencesOf(artifacts, states);
    const parts = changedParts(oldParts.get(task), freshParts.get(task));
    tasks.push({
      task,
      equal: differences.length === 0,
      status: states.after?.status ?? null,
      cause: differences.length === 0 ? null : causeOf(parts, differences),
      changed: parts.filter(isOwn),
      differences,
    });
  }
  return {
    before: { run: before, status: old.state.status },
    after: { run: after, status: fresh.state.status },
    equal: tasks.every(({ equal }) => equal),
    tasks,
  };
}

type State = Scheduler["state"]["tasks"][number];

interface States {
  readonly before: State | undefined;
  readonly after: State | undefined;
}

function stateOf({ state }: Scheduler, task: string): State | undefined {
  return state.tasks.find(({ id }) => id === task);
}

/** Entries and maps do nothing that their tasks would not show. */
function isControl(scheduler: Scheduler, task: string): boolean {
  const state = stateOf(scheduler, task);
  const kind = state && scheduler.plan.tasks[state.template]?.kind;
  return kind === "entry" || kind === "map";
}

async function differencesOf(artifacts: ArtifactStore, { before, after }: States): Promise<Difference[]> {
  const differences: Difference[] = [];
  const add = (what: string, old: string, fresh: string, detail: string | null = null) => {
    if (old !== fresh) differences.push({ what, before: old, after: fresh, detail });
  };
  add("status", before?.status ?? "not there", after?.status ?? "not there");
  add("error", before?.error?.code ?? "none", after?.error?.code ?? "none");
  add("branch", String(before?.branch ?? "none"), String(after?.branch ?? "none"));
  const outputs = { ...before?.outputs, ...after?.outputs };
  for (const name of Object.keys(outputs)) {
    const [old, fresh] = [before?.outputs[name], after?.outputs[name]];
    if (old === fresh) continue;
    const detail = old && fresh ? await compareContent(artifacts, old, fresh) : null;
    add(`output ${name}`, old ?? "nothing", fresh ?? "nothing", detail);
  }
  for (const place of compareValues(before?.result ?? {}, after?.result ?? {})) {
    add(`result ${place.path}`, place.before, place.after);
  }
  for (const place of compareValues({ ...before?.metrics }, { ...after?.metrics })) {
    add(`metric ${place.path}`, place.before, place.after);
  }
  return differences;
}

function changedParts(before: Parts | undefined, after: Parts | undefined): string[] {
  if (!before || !after) return [];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]).sort();
}

/** Of the task itself, not of what it was given. */
function isOwn(part: string): boolean {
  return !/^(input|param): |^item$/.test(part);
}

function causeOf(parts: readonly string[], differences: readonly Difference[]): TaskComparison["cause"] {
  if (parts.some(isOwn)) return "code";
  const notRun = differences.some(
    ({ what, before, after }) => what === "status" && (notStarted(before) || notStarted(after)),
  );
  return parts.length > 0 || notRun ? "inputs" : "itself";
}

function notStarted(status: string): boolean {
  return !["succeeded", "failed"].includes(status);
}
