import type { Plan } from "@scanflow/core";
import { platformName } from "../../platform-name.ts";
import { argoApplication } from "../gitops/argo-application.ts";
import { remembering } from "../remembering.ts";
import type { Deployment, ExportedFile, Lack, PlannedWorkflow, Target } from "../target.ts";
import { yamlText } from "../yaml.ts";
import { cronWorkflows } from "./cron-workflow.ts";
import { argoLacks } from "./lacks.ts";
import { namespaceOf, workflowTemplate } from "./workflow-template.ts";

/** Argo Workflows: a WorkflowTemplate a workflow, and a CronWorkflow for each of its schedules. */
export const argo: Target = {
  name: "argo",
  describe: "a WorkflowTemplate of Argo Workflows for each workflow, and its schedules",
  refuse: (deployment) => {
    const lacks = argoLacks(deployment);
    // What Argo cannot do has no template whose size could be asked for.
    return lacks.length > 0
      ? lacks
      : deployment.workflows.flatMap((workflow) => tooLarge(deployment, workflow));
  },
  export: (deployment) => [
    ...deployment.workflows.flatMap((workflow) => files(deployment, workflow)),
    argoApplication(deployment, namespaceOf(deployment), "argo"),
  ],
  apply: ({ workflows }, folder) =>
    workflows
      .flatMap(({ plan }) => [
        templateFile(plan),
        ...(plan.schedules.length > 0 ? [schedulesFile(plan)] : []),
      ])
      .reduce((line, path) => `${line} -f ${folder}/${path}`, "kubectl apply --server-side"),
};

const templateFile = ({ workflow }: Plan) => `${platformName(workflow)}.yaml`;
const schedulesFile = ({ workflow }: Plan) => `${platformName(workflow)}-schedules.yaml`;

/** A folder that Argo CD reads holds the Application beside the manifests: it is applied by itself. */
function files(deployment: Deployment, workflow: PlannedWorkflow): readonly ExportedFile[] {
  const { plan, digest } = workflow;
  const about = `Workflow ${plan.workflow} of ${deployment.application}, plan ${digest.slice(0, 12)}.`;
  const header = [
    about,
    `Run it: argo submit --from workflowtemplate/${platformName(plan.workflow)} --watch`,
  ];
  const schedules = cronWorkflows(deployment, workflow);
  return [
    { path: templateFile(plan), text: yamlText([templateOf(deployment, workflow)], { header }) },
    ...(schedules.length > 0
      ? [{ path: schedulesFile(plan), text: yamlText(schedules, { header: [about] }) }]
      : []),
  ];
}

/**
 * In bytes of JSON: a run holds its template, and Argo keeps no more of it (MAX_WORKFLOW_SIZE). What tasks came to is
 * kept beside it, compressed, or in a database.
 */
const mostBytes = 1024 ** 2;

function tooLarge(deployment: Deployment, workflow: PlannedWorkflow): readonly Lack[] {
  const bytes = Buffer.byteLength(JSON.stringify(templateOf(deployment, workflow)));
  if (bytes <= mostBytes) return [];
  return [
    {
      workflow: workflow.plan.workflow,
      task: null,
      reason: `its WorkflowTemplate would have ${bytes} bytes, and Argo takes ${mostBytes}`,
      change: "Let a map run tasks that are alike, read large params from files, or divide it into workflows",
    },
  ];
}

/** Made once: what was asked for its size is what is written. */
const templateOf = remembering(workflowTemplate);
