import { type Plan, type PlanTask, ScanflowError, type WorkTask } from "@scanflow/core";
import type { SwarmNode } from "../../docker/index.ts";
import type { AttemptSpec } from "../runner.ts";

/** What nodes call their GPUs: `dockerd --node-generic-resource NVIDIA-GPU=UUID`. */
export const gpuKind = "NVIDIA-GPU";

/** On which nodes an attempt may run, as Swarm wants it. `node`: the only one that has its image. */
export function constraintsOf(
  { placement }: Pick<AttemptSpec, "placement">,
  node: string | null,
): readonly string[] {
  const labels = Object.entries(placement?.labels ?? {});
  return [
    ...labels.map(([label, value]) => `node.labels.${label}==${value}`).toSorted(),
    ...(node === null ? [] : [`node.id==${node}`]),
  ];
}

/**
 * Refuses what no node can take, before anything starts: labels that none has, more cores or memory than the largest of
 * those that have them. `only`: the one node that has the images. Errors: SCANFLOW_PLACEMENT_UNMET, all tasks together.
 */
export function refuseUnplaced(plan: Plan, nodes: readonly SwarmNode[], only: string | null): void {
  const ready = nodes.filter(
    ({ Status, Spec }) => Status.State === "ready" && Spec.Availability === "active",
  );
  const reasons = plan.tasks.filter(isWork).flatMap((task) => {
    const reason = unplaced(task, ready, only);
    return reason === undefined ? [] : [`  ${task.id}: ${reason}`];
  });
  if (reasons.length === 0) return;
  throw new ScanflowError(
    "SCANFLOW_PLACEMENT_UNMET",
    `The swarm cannot run ${plan.workflow}:\n${reasons.join("\n")}\nNothing was started.`,
  );
}

function unplaced(
  { placement, resources }: WorkTask,
  ready: readonly SwarmNode[],
  only: string | null,
): string | undefined {
  const labels = Object.entries(placement.labels);
  const fitting = ready.filter(({ Spec }) =>
    labels.every(([label, value]) => Spec.Labels?.[label] === value),
  );
  if (fitting.length === 0) {
    const wanted = labels.map(([label, value]) => `${label}=${value}`).join(", ");
    if (labels.length === 0) return "no node is ready and takes work. See docker node ls";
    return `none of ${counted(ready)} has ${wanted}. Label one with "docker node update --label-add ${wanted.split(", ")[0]} NODE", or change the placement`;
  }
  const here = only === null ? fitting : fitting.filter(({ ID }) => ID === only);
  if (here.length === 0) {
    return "only other nodes have its labels, and its image is on this one alone. Name a registry that all nodes reach with SCANFLOW_REGISTRY";
  }
  const { cpu, memory } = resources;
  const large = here.filter(
    ({ Description: { Resources } }) => Resources.NanoCPUs >= cpu * 1e9 && Resources.MemoryBytes >= memory,
  );
  if (large.length > 0) return undefined;
  const most = Math.max(...here.map(({ Description }) => Description.Resources.NanoCPUs)) / 1e9;
  const room = Math.max(...here.map(({ Description }) => Description.Resources.MemoryBytes));
  return `it asks for ${cpu} cores and ${memory} bytes of memory, and the nodes that it may run on have ${most} cores and ${room} bytes at most. Ask for less, or add a larger node`;
}

function counted(nodes: readonly SwarmNode[]): string {
  return nodes.length === 1 ? "1 node" : `${nodes.length} nodes`;
}

function isWork(task: PlanTask): task is WorkTask {
  return "placement" in task;
}
