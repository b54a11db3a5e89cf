import { dataOfPlan, formatDataName } from "@scanflow/core";
import { nameLacks, standingLacks, standingServices } from "../service-plan.ts";
import type { Deployment, Lack, PlannedWorkflow } from "../target.ts";
import { tooLarge } from "./application-files.ts";
import { serverRole } from "./server.ts";
import { serviceRole } from "./services.ts";
import { trackersOf } from "./trackers.ts";

/** What of a deployment Kubernetes cannot do as it is exported. */
export function kubernetesLacks(deployment: Deployment): readonly Lack[] {
  const runs = deployment.workflows.some(({ plan }) => plan.mode === "batch");
  return [
    ...filesLacks(deployment),
    ...nameLacks(standingServices(deployment.workflows), {
      target: "Kubernetes",
      nameOf: (service) => serviceRole(service).name,
      taken: runs ? [serverRole.name, ...trackersOf(deployment).map(({ role }) => role.name)] : [],
    }),
    ...deployment.workflows.flatMap((workflow) => [
      ...standingLacks(workflow, { target: "Kubernetes", routes: false }),
      ...batchLacks(workflow),
    ]),
  ];
}

/** What of the application's files cannot travel. */
export function filesLacks({ application, files, leftOut }: Deployment): readonly Lack[] {
  const whole = { workflow: application, task: null };
  const large = tooLarge(files);
  const outside = leftOut.map((path) => ({
    ...whole,
    reason: `Only files of the application's folder travel to the cluster, and ${path} is none`,
    change: "Put it into the folder, or let a node fetch it from where it lies",
  }));
  if (large === undefined) return outside;
  const reason = `The application's files travel in ConfigMaps, and ${large}`;
  const change = "Name what need not be there in .scanflowignore, or let a node fetch it from where it lies";
  return [{ ...whole, reason, change }, ...outside];
}

function batchLacks({ plan }: PlannedWorkflow): readonly Lack[] {
  if (plan.mode !== "batch") return [];
  const whole = { workflow: plan.workflow, task: null };
  const data = dataOfPlan(plan).map(formatDataName);
  return [
    ...(data.length > 0
      ? [
          {
            ...whole,
            reason: `It reads versions of data (${data.join(", ")}), which are known in this folder and not in the cluster`,
            change: "Read them from a file, or let a node fetch them from where they lie",
          },
        ]
      : []),
    ...plan.tasks.flatMap((task) =>
      task.kind === "labeling"
        ? [
            {
              workflow: plan.workflow,
              task: task.id,
              reason: "Labels cannot be asked for in a cluster yet",
              change: "Let a person label before, and read the labels from a file",
            },
          ]
        : [],
    ),
  ];
}
