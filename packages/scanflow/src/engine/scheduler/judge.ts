import type { Guard, PlanEdge, PlanTask, SkipReason } from "@scanflow/core";
import type { Instances, Upstream } from "./instances.ts";
import { produced } from "./output.ts";
import { isWork, type TaskState } from "./state.ts";

/** What the rule says of an instance whose upstreams have all ended. */
export type Judgement = { readonly kind: "go" } | Stop;

export interface Stop {
  readonly kind: "stop";
  readonly status: "skipped" | "upstream-failed" | "cancelled";
  readonly reason: SkipReason;
  readonly detail: string;
}

/**
 * The skip rule, the same on every runner and exporter:
 *
 * 1. An edge of data needs what it names. If the upstream was skipped, or failed where failing is allowed, or did
 *    not write an optional output, the task is skipped. A join needs one of its alternatives.
 * 2. An edge of order needs only the order: a skipped upstream, or one that failed where failing is allowed, is
 *    passed. `if: failed` asks for a failure (else the task is skipped), `if: finished` for any end.
 * 3. A task behind a failure that is not allowed never starts: it is `upstream-failed`, and so is what needs it.
 * 4. A guard that does not hold (another branch was taken, the nested workflow was skipped) skips the task.
 * 5. Where several apply: upstream-failed, then cancelled, then skipped.
 */
export function judge(instances: Instances, instance: number): Judgement {
  const task = instances.task(instance);
  let worst: Stop | null = null;
  const joins = new Map<string, { met: boolean; stop: Stop | null }>();
  for (const edge of task.upstreams) {
    const stop = judgeEdge(instances, instance, edge);
    if (edge.join === undefined) worst = worse(worst, stop);
    else {
      const join = joins.get(edge.join) ?? { met: false, stop: null };
      joins.set(edge.join, { met: join.met || stop === null, stop: worse(join.stop, stop) });
    }
  }
  for (const join of joins.values()) if (!join.met) worst = worse(worst, join.stop);
  if (worst?.status === "upstream-failed") return worst;
  for (const guard of task.guards) worst = worse(worst, judgeGuard(instances, instance, guard));
  return worst ?? { kind: "go" };
}

const SEVERITY = { "upstream-failed": 3, cancelled: 2, skipped: 1 } as const;

function worse(a: Stop | null, b: Stop | null): Stop | null {
  if (a === null || b === null) return a ?? b;
  return SEVERITY[b.status] > SEVERITY[a.status] ? b : a;
}

function stop(status: Stop["status"], reason: SkipReason, detail: string): Stop {
  return { kind: "stop", status, reason, detail };
}

function judgeEdge(instances: Instances, instance: number, edge: PlanEdge): Stop | null {
  const upstream = instances.upstream(instance, edge.task);
  if (edge.if === "finished") return null;
  const outcome = outcomeOf(instances, upstream);
  if (edge.if === "failed") {
    if (outcome === "failed" || outcome === "tolerated") return null;
    if (outcome === "upstream-failed") return stop("upstream-failed", "upstream-failed", edge.task);
    return stop("skipped", "edge-condition", edge.task);
  }
  if (outcome === "failed" || outcome === "upstream-failed") {
    return stop("upstream-failed", "upstream-failed", edge.task);
  }
  if (outcome === "cancelled") return stop("cancelled", "cancelled", edge.task);
  if (edge.kind === "order") return null;
  if (outcome === "skipped" || outcome === "tolerated") return stop("skipped", "upstream-skipped", edge.task);
  if (edge.kind === "value") return null;
  const wanted = inputsFrom(instances.task(instance), edge.task);
  const missing = wanted.find((output) => !produced(instances, instance, { task: edge.task, output }));
  return missing === undefined ? null : stop("skipped", "upstream-skipped", `${edge.task}.${missing}`);
}

type Outcome = "produced" | "skipped" | "tolerated" | "failed" | "upstream-failed" | "cancelled";

function outcomeOf(instances: Instances, upstream: Upstream): Outcome {
  if (upstream.kind === "one") return outcome(instances, upstream.instance);
  const maps = upstream.maps.map((map) => outcome(instances, map));
  const first = maps[0];
  if (first !== undefined && first !== "produced") return first;
  const all = [...maps, ...upstream.instances.map((one) => outcome(instances, one))];
  for (const bad of ["failed", "upstream-failed", "cancelled"] as const) if (all.includes(bad)) return bad;
  return "produced";
}

function outcome(instances: Instances, instance: number): Outcome {
  const state = instances.state(instance);
  if (state.status === "failed") return tolerates(instances.task(instance)) ? "tolerated" : "failed";
  if (state.status === "skipped") return "skipped";
  if (state.status === "upstream-failed" || state.status === "cancelled") return state.status;
  return "produced";
}

/** Whether the task may fail without failing the run. */
export function tolerates(task: PlanTask): boolean {
  return isWork(task.kind) && "allowFailure" in task && task.allowFailure;
}

/** Names of the outputs of an upstream that a task takes in without an alternative. */
function inputsFrom(task: PlanTask, upstream: string): string[] {
  const inputs = task.kind === "choice" ? [] : "inputs" in task ? Object.values(task.inputs) : [];
  return inputs.flatMap((input) =>
    input.kind === "output" ? input.of.filter((one) => one.task === upstream).map((one) => one.output) : [],
  );
}

function judgeGuard(instances: Instances, instance: number, guard: Guard): Stop | null {
  if (guard.kind === "branch") {
    const choice = sole(instances, instance, guard.choice);
    if (choice.status === "succeeded" && choice.branch === guard.branch) return null;
    return stop("skipped", "branch", guard.choice);
  }
  if (guard.kind === "entry") {
    const entry = sole(instances, instance, guard.task);
    if (entry.status === "succeeded") return null;
    return stop("skipped", "upstream-skipped", guard.task);
  }
  const went = guard.failed.find((id) => !hasFailed(instances, instance, id));
  return went === undefined ? null : stop("skipped", "branch", went);
}

/** Guards always stand in the same maps as what they guard, or outside. */
function sole(instances: Instances, instance: number, taskId: string): TaskState {
  const upstream = instances.upstream(instance, taskId);
  if (upstream.kind === "all") throw new Error(`a guard points into the map of "${taskId}"`);
  return instances.state(upstream.instance);
}

function hasFailed(instances: Instances, instance: number, taskId: string): boolean {
  const upstream = instances.upstream(instance, taskId);
  const own = upstream.kind === "one" ? [upstream.instance] : upstream.instances;
  return own.some((one) => {
    const state = instances.state(one);
    if (state.status === "failed" || state.status === "upstream-failed") return true;
    const kind = instances.task(one).kind;
    if (kind !== "entry" && kind !== "map") return false;
    return [...instances.below(`${state.id}/`), ...instances.below(`${state.id}[`)].some((inner) => {
      const { status } = instances.state(inner);
      return status === "failed" || status === "upstream-failed";
    });
  });
}
