import type { V1ObjectMeta } from "@kubernetes/client-node";
import type { ChoiceTask, Plan } from "@scanflow/core";
import { platformName } from "../../platform-name.ts";
import { metadataOf, type Surroundings } from "../kubernetes/objects.ts";
import { holds } from "../service-plan.ts";
import type { Lack, PlannedWorkflow } from "../target.ts";

export interface InferenceGraph {
  readonly apiVersion: "serving.kserve.io/v1alpha1";
  readonly kind: "InferenceGraph";
  readonly metadata: V1ObjectMeta;
  readonly spec: {
    readonly nodes: {
      readonly root: {
        readonly routerType: "Sequence";
        readonly steps: readonly {
          readonly serviceName: string;
          readonly name: string;
          /** What the step is asked: the answer of the one before; absent: the request itself. */
          readonly data?: "$response";
        }[];
      };
    };
  };
}

/**
 * The routes of an online workflow: each choice among services is a graph that asks the services of the branch that is
 * taken one after the other, each with the answer of the one before. Which branch it is, is decided when it is
 * exported: conditions speak of parameters, and KServe's own of the request alone. Source: KServe 0.16, "Inference Graph".
 */
export function inferenceGraphs(around: Surroundings, { plan }: PlannedWorkflow): readonly InferenceGraph[] {
  if (plan.mode !== "online") return [];
  return choicesOf(plan).map((choice) => {
    const targets = takenBranch(plan, choice)?.targets ?? [];
    return {
      apiVersion: "serving.kserve.io/v1alpha1",
      kind: "InferenceGraph",
      metadata: metadataOf(around, { component: "route", name: platformName(choice.id) }),
      spec: {
        nodes: {
          root: {
            routerType: "Sequence",
            steps: targets.map((id, at) => ({
              serviceName: platformName(id),
              name: platformName(id),
              ...(at > 0 ? { data: "$response" } : {}),
            })),
          },
        },
      },
    };
  });
}

/** What a graph cannot say of an online workflow's choices. */
export function graphLacks({ plan }: PlannedWorkflow): readonly Lack[] {
  if (plan.mode !== "online") return [];
  return choicesOf(plan).flatMap((choice): readonly Lack[] => {
    const at = { workflow: plan.workflow, task: choice.id };
    const branch = takenBranch(plan, choice);
    if (branch === undefined) {
      const reason =
        "A graph of KServe knows the request alone, and which branch is taken hangs on what only a run knows";
      return [{ ...at, reason, change: "Let its conditions read parameters that have defaults" }];
    }
    if (branch.targets.length === 0) {
      const reason = "A graph of KServe asks one service at least, and the branch that is taken runs none";
      return [{ ...at, reason, change: "Name services in the branch, or take the choice out" }];
    }
    const isFallback = plan.tasks.some(
      ({ id, guards }) => branch.targets.includes(id) && guards.some(({ kind }) => kind === "fallback"),
    );
    if (!isFallback) return [];
    const reason = "A graph of KServe has no service that takes another's place when it fails";
    return [
      { ...at, reason, change: 'Write "then" between the services, or give one of them more replicas' },
    ];
  });
}

/** Ids of the services that no branch which is taken asks: they need not be there. */
export function passedOver({ plan }: PlannedWorkflow): ReadonlySet<string> {
  const all = choicesOf(plan).flatMap((choice) => {
    const taken = takenBranch(plan, choice)?.targets ?? [];
    return choice.branches.flatMap(({ targets }) => targets.filter((id) => !taken.includes(id)));
  });
  return new Set(all);
}

function choicesOf({ tasks }: Plan): readonly ChoiceTask[] {
  return tasks.filter((task) => task.kind === "choice");
}

/** The first branch that holds; undefined: it cannot be known, or there is none. */
function takenBranch(plan: Plan, { branches }: ChoiceTask): ChoiceTask["branches"][number] | undefined {
  for (const branch of branches) {
    const answer = branch.when === null ? true : holds(plan, branch.when);
    if (answer === undefined) return undefined;
    if (answer) return branch;
  }
  return undefined;
}
