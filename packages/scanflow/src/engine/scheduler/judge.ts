import type { Guard, PlanEdge, SkipReason } from "@scanflow/core";
import type { Instances } from "./instances.ts";
import { hasFailed, type Outcome, outcomeOfAll, soleInstance } from "./outcome.ts";
import { given } from "./output.ts";

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
 * 1. An input needs one of the outputs that it names, or has a file to fall back on. An output is missing when its
 *    task was skipped, failed where failing is allowed, or did not write it though it is optional: then the task is
 *    skipped. The output of a choice is what the branch that was taken names. A choice needs one of those that ran
 *    before it for each of its own outputs, unless a branch has a file or a target of its own instead. A map gives
 *    what its items produced, and nothing when all of them were skipped; over an empty list it gives an empty folder.
 * 2. An edge of order needs only the order: a skipped upstream, or one that failed where failing is allowed, is
 *    passed. `if: failed` asks for a failure (else the task is skipped), `if: finished` for any end. A value that a
 *    parameter or a map's list reads must be there as an input must.
 * 3. A task behind a failure that is not allowed never starts: it is `upstream-failed`, and so is what needs it.
 * 4. A guard that does not hold (another branch was taken, the nested workflow was skipped, the target before did
 *    not fail) skips the task.
 * 5. Where several apply: skipped by what was decided (another branch, a skipped workflow, a target that did its work
 *    before), then upstream-failed, then cancelled, then skipped.
 * 6. Who comes after a choice comes after all that the branch taken runs: the plan has edges of order to it. What the
 *    other branches would run was skipped, whatever failed before it, and does not matter.
 *
 * What fails in a target whose place another one takes is a failure for the tasks of that target, and one that is
 * allowed for the tasks around it.
 */
export function judge(instances: Instances, instance: number): Judgement {
  const task = instances.task(instance);
  const guards = task.guards.map((guard) => judgeGuard(instances, instance, guard));
  const decided = guards.find((guard) => guard?.decided);
  if (decided) return decided.stop;
  let worst: Stop | null = null;
  const inputs = "inputs" in task ? Object.values(task.inputs) : null;
  for (const input of inputs ?? []) {
    const content = given(instances, instance, input);
    if (content.kind === "missing") worst = worse(worst, stopBehind(content.outcome, content.detail));
  }
  const joins = new Map<string, { met: boolean; stop: Stop | null }>();
  for (const edge of task.upstreams) {
    if (edge.kind === "data" && inputs) continue;
    const stop = judgeEdge(instances, instance, edge);
    if (edge.join === undefined) worst = worse(worst, stop);
    else {
      const join = joins.get(edge.join) ?? { met: false, stop: null };
      joins.set(edge.join, { met: join.met || stop === null, stop: worse(join.stop, stop) });
    }
  }
  for (const join of joins.values()) if (!join.met) worst = worse(worst, join.stop);
  if (worst?.status === "upstream-failed") return worst;
  for (const guard of guards) worst = worse(worst, guard?.stop ?? null);
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

/** What becomes of a task that needs what ended so. */
function stopBehind(outcome: Exclude<Outcome, "produced">, detail: string): Stop {
  if (outcome === "failed" || outcome === "upstream-failed") {
    return stop("upstream-failed", "upstream-failed", detail);
  }
  if (outcome === "cancelled") return stop("cancelled", "cancelled", detail);
  return stop("skipped", "upstream-skipped", detail);
}

function judgeEdge(instances: Instances, instance: number, edge: PlanEdge): Stop | null {
  if (edge.if === "finished") return null;
  const outcome = outcomeOfAll(instances, instance, instances.upstream(instance, edge.task));
  if (edge.if === "failed") {
    if (outcome === "failed" || outcome === "tolerated") return null;
    if (outcome === "upstream-failed") return stopBehind(outcome, edge.task);
    return stop("skipped", "edge-condition", edge.task);
  }
  const passed = edge.kind === "order" && (outcome === "skipped" || outcome === "tolerated");
  return passed || outcome === "produced" ? null : stopBehind(outcome, edge.task);
}

interface Guarded {
  readonly stop: Stop;
  /** Whether it was decided so, and is not for a failure that the guard does not hold. */
  readonly decided: boolean;
}

/** Guards stand in the same maps as what they guard, or outside. */
function judgeGuard(instances: Instances, instance: number, guard: Guard): Guarded | null {
  const asked = (id: string) => soleInstance(instances, instance, id);
  const missed = (id: string, reason: SkipReason): Guarded => {
    const { status } = instances.state(asked(id));
    return {
      stop: stop("skipped", reason, id),
      decided: status === "succeeded" || status === "up" || status === "skipped",
    };
  };
  if (guard.kind === "branch") {
    const choice = instances.state(asked(guard.choice));
    const taken = choice.status === "succeeded" && choice.branch === guard.branch;
    return taken ? null : missed(guard.choice, "branch");
  }
  if (guard.kind === "entry") {
    const { status } = instances.state(asked(guard.task));
    return status === "succeeded" ? null : missed(guard.task, "upstream-skipped");
  }
  const went = guard.failed.find((id) => !hasFailed(instances, asked(id)));
  return went === undefined ? null : missed(went, "branch");
}
