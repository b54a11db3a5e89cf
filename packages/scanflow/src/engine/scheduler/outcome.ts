import type { ChoiceTask, PlanTask } from "@scanflow/core";
import { at, type Instances, type Upstream } from "./instances.ts";

/** How a task ended, as one that hangs on it sees it. `tolerated`: it failed where failing is allowed. */
export type Outcome = "produced" | "skipped" | "tolerated" | Bad;

/** What stops all that hangs on it, from the worst. */
const BAD = ["failed", "upstream-failed", "cancelled"] as const;

type Bad = (typeof BAD)[number];

/** The worst of several that stops what hangs on it; undefined when none does. */
export function worstOf(outcomes: readonly Outcome[]): Bad | undefined {
  return BAD.find((bad) => outcomes.includes(bad));
}

/**
 * How an instance ended, as another sees it. A target whose place the next one of its branch takes fails for the
 * tasks within it, and is tolerated by those around it.
 */
export function outcomeOf(instances: Instances, viewer: number, instance: number): Outcome {
  const { status } = instances.state(instance);
  if (status === "skipped" || status === "cancelled") return status;
  if (status !== "failed" && status !== "upstream-failed") return "produced";
  const task = instances.task(instance);
  if (status === "failed" && allowsFailure(task)) return "tolerated";
  if (task.spared === undefined || isWithin(instances.task(viewer), task.spared)) return status;
  if (status === "failed") return "tolerated";
  const parts = partsOf(instances, soleInstance(instances, instance, task.spared));
  return parts.some((part) => instances.state(part).status === "failed") ? "tolerated" : status;
}

/** How all that an edge points to ended: of a mapped task its maps and every item. All skipped is skipped. */
export function outcomeOfAll(instances: Instances, viewer: number, upstream: Upstream): Outcome {
  if (upstream.kind === "one") return outcomeOf(instances, viewer, upstream.instance);
  const maps = upstream.maps.map((map) => outcomeOf(instances, viewer, map));
  const items = upstream.instances.map((one) => outcomeOf(instances, viewer, one));
  const lack = [...maps, ...items].find((outcome) => outcome !== "produced");
  const none = items.includes("produced") ? undefined : lack;
  return worstOf([...maps, ...items]) ?? none ?? "produced";
}

/** Whether a failure of an instance does not fail its run: it is allowed, or another target took its place. */
export function isForgiven(instances: Instances, instance: number): boolean {
  const task = instances.task(instance);
  return allowsFailure(task) || (task.spared !== undefined && isReplaced(instances, instance, task.spared));
}

/** Whether one of the targets that stand behind this one in its branch was not skipped. */
function isReplaced(instances: Instances, instance: number, target: string): boolean {
  const guards = instances.task(soleInstance(instances, instance, target)).guards;
  return guards.some((guard) => {
    if (guard.kind !== "branch") return false;
    const choice = instances.task(soleInstance(instances, instance, guard.choice));
    const targets = choice.kind === "choice" ? (choice.branches[guard.branch]?.targets ?? []) : [];
    return targets
      .slice(targets.indexOf(target) + 1)
      .some((later) => instances.state(soleInstance(instances, instance, later)).status !== "skipped");
  });
}

function allowsFailure(task: PlanTask): boolean {
  return "allowFailure" in task && task.allowFailure;
}

/**
 * The instances that a node stands for: all of a nested workflow or map, and of a choice what it chose. Left out is
 * what failed within a nested workflow where it may, since the workflow as a whole did not fail by it.
 */
export function partsOf(instances: Instances, node: number): readonly number[] {
  const task = instances.task(node);
  const { kind, id } = task;
  if (kind === "choice") return [node, ...chosenParts(instances, node, task)];
  if (kind !== "entry" && kind !== "map") return [node];
  const prefix = instances.state(node).id;
  const inner = [...instances.below(`${prefix}/`), ...instances.below(`${prefix}[`)];
  const own = `${id}[*]`;
  return [node, ...inner].filter(
    (part) => instances.task(part).id === own || outcomeOf(instances, node, part) !== "tolerated",
  );
}

/** The parts of the targets of the branch that was taken, without those whose place the next one took. */
function chosenParts(instances: Instances, choice: number, task: ChoiceTask): readonly number[] {
  const { branch } = instances.state(choice);
  if (branch === null) return [];
  const targets = at(task.branches, branch).targets.map((id) => soleInstance(instances, choice, id));
  const counted = targets.filter((target, position) => {
    const { id, spared } = instances.task(target);
    const later = targets.slice(position + 1);
    return spared !== id || later.every((next) => instances.state(next).status === "skipped");
  });
  return counted.flatMap((target) => partsOf(instances, target));
}

/** Whether a node did not do its work: it, or a part of it, failed or could not start behind a failure. */
export function hasFailed(instances: Instances, node: number): boolean {
  return partsOf(instances, node).some((part) => {
    const { status } = instances.state(part);
    return status === "failed" || status === "upstream-failed";
  });
}

/** The instance of a task in the same maps, or outside them. */
export function soleInstance(instances: Instances, instance: number, taskId: string): number {
  const upstream = instances.upstream(instance, taskId);
  if (upstream.kind === "one") return upstream.instance;
  throw new Error(`"${taskId}" is not in the maps of "${instances.state(instance).id}"`);
}

/** Whether a task belongs to a node: by its name, or as what a choice runs. */
function isWithin({ id, spared }: PlanTask, node: string): boolean {
  return id === node || id.startsWith(`${node}/`) || id.startsWith(`${node}[`) || spared === node;
}
