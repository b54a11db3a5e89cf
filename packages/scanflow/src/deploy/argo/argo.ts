import { platformName } from "../../platform-name.ts";
import { argoApplication } from "../gitops/argo-application.ts";
import type { Deployment, ExportedFile, PlannedWorkflow, Target } from "../target.ts";
import { yamlText } from "../yaml.ts";
import { cronWorkflows } from "./cron-workflow.ts";
import { argoLacks } from "./lacks.ts";
import { namespaceOf, workflowTemplate } from "./workflow-template.ts";

/** Argo Workflows: a WorkflowTemplate a workflow, and a CronWorkflow for each of its schedules. */
export const argo: Target = {
  name: "argo",
  describe: "a WorkflowTemplate of Argo Workflows for each workflow, and its schedules",
  refuse: argoLacks,
  export: (deployment) => [
    ...deployment.workflows.flatMap((workflow) => files(deployment, workflow)),
    argoApplication(deployment, namespaceOf(deployment), "argo"),
  ],
  apply: (deployment, folder) =>
    deployment.workflows
      .flatMap((workflow) => files(deployment, workflow))
      .reduce((line, { path }) => `${line} -f ${folder}/${path}`, "kubectl apply --server-side"),
};

/** A folder that Argo CD reads holds the Application beside the manifests: it is applied by itself. */
function files(deployment: Deployment, workflow: PlannedWorkflow): readonly ExportedFile[] {
  const name = platformName(workflow.plan.workflow);
  const about = `Workflow ${workflow.plan.workflow} of ${deployment.application}, plan ${workflow.digest.slice(0, 12)}.`;
  const header = [about, `Run it: argo submit --from workflowtemplate/${name} --watch`];
  const schedules = cronWorkflows(deployment, workflow);
  return [
    { path: `${name}.yaml`, text: yamlText([workflowTemplate(deployment, workflow)], { header }) },
    ...(schedules.length > 0
      ? [{ path: `${name}-schedules.yaml`, text: yamlText(schedules, { header: [about] }) }]
      : []),
  ];
}
