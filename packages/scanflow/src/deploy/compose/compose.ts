import { platformName } from "../../platform-name.ts";
import type { Deployment, ExportedFile, Lack, PlannedWorkflow, Target } from "../target.ts";
import { yamlText } from "../yaml.ts";
import { composeFile } from "./compose-file.ts";

/** Docker Compose: each workflow a project that `docker compose up` runs to its end. */
export const compose: Target = {
  name: "compose",
  describe: "a Compose project for each workflow: the engine, its trackers, a container for each task",
  refuse: (deployment) => deployment.workflows.flatMap(lacksOf),
  export: (deployment) => deployment.workflows.map((workflow) => exportedFile(workflow, deployment)),
  apply: (_, folder) => `docker compose -f ${folder}/compose.yaml up`,
};

function exportedFile(workflow: PlannedWorkflow, deployment: Deployment): ExportedFile {
  const { plan, digest } = workflow;
  const isMain = workflow === deployment.main;
  const path = isMain ? "compose.yaml" : `${platformName(plan.workflow)}.compose.yaml`;
  const header = [
    `The workflow "${plan.workflow}" of the application "${plan.application}", made by Scanflow of its plan`,
    `sha256:${digest}.`,
    "",
    `docker compose -f ${path} up                      runs it to its end`,
    `docker compose -f ${path} down --volumes          removes all that it left`,
    "",
    "Parameters are given as JSON in SCANFLOW_PARAMS. What the definition says of placement and schedules means nothing",
    "on one machine and to a run that is started by hand.",
  ];
  return { path, text: yamlText([composeFile(workflow, deployment)], { header }) };
}

function lacksOf({ plan }: PlannedWorkflow): Lack[] {
  const { workflow } = plan;
  if (plan.mode === "online") {
    const reason = "an online workflow does not run to an end";
    return [{ workflow, task: null, reason, change: `Export its services to stack or kubernetes` }];
  }
  return plan.tasks.flatMap((task): Lack[] => {
    const { id, kind } = task;
    if (kind === "labeling") {
      const reason = `a node of kind ${kind} cannot run in a Compose project yet`;
      return [
        { workflow, task: id, reason, change: `Take it out of "${workflow}", or export another workflow` },
      ];
    }
    if (kind !== "service" || (task.service?.replicas ?? 1) <= 1) return [];
    const reason = "the container of a service is one, and it asks for several replicas";
    return [{ workflow, task: id, reason, change: `Take "replicas" out of it, or export it to stack` }];
  });
}
