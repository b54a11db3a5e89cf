import { filesInCluster } from "../kubernetes/application-files.ts";
import { filesLacks } from "../kubernetes/lacks.ts";
import { surroundingsOf } from "../kubernetes/objects.ts";
import { exportPages, namespacePage, secretNotes } from "../kubernetes/pages.ts";
import { contractFiles, serviceRole } from "../kubernetes/services.ts";
import { nameLacks, type StandingService, standingLacks, standingServices } from "../service-plan.ts";
import type { Deployment, ExportedFile, Lack, Target } from "../target.ts";
import { graphLacks, inferenceGraphs, passedOver } from "./inference-graph.ts";
import { inferenceService } from "./inference-service.ts";

/** KServe: the services of online workflows as predictors, choices among them as graphs. */
export const kserve: Target = {
  name: "kserve",
  describe: "InferenceServices for services, InferenceGraphs for choices among them",
  needsFiles: true,
  refuse,
  export: exportKserve,
  apply: (_, folder) => `kubectl apply --server-side -k ${folder}`,
};

function refuse(deployment: Deployment): readonly Lack[] {
  const nameOf = (service: StandingService) => serviceRole(service).name;
  const services = servicesOf(deployment);
  const lacks = [
    ...nameLacks(services, { target: "KServe", nameOf, taken: [] }),
    ...deployment.workflows.flatMap((workflow) => [
      ...standingLacks(workflow, { target: "KServe", routes: true }),
      ...graphLacks(workflow),
    ]),
  ];
  if (services.length > 0 || lacks.length > 0) return [...filesLacks(deployment), ...lacks];
  return [
    {
      workflow: deployment.application,
      task: null,
      reason: "KServe runs services, and no online workflow has one",
      change: 'Write a workflow of mode "online" with a service, or export to kubernetes',
    },
  ];
}

function exportKserve(deployment: Deployment): readonly ExportedFile[] {
  const around = surroundingsOf(deployment);
  const files = filesInCluster(around, "application", deployment.files);
  const services = servicesOf(deployment);
  const secrets = [...new Set(services.flatMap(({ task }) => task.secrets))].toSorted();
  const pages = [
    namespacePage(around),
    {
      path: "application.yaml",
      about: "The application's own files: definition, code and data.",
      manifests: files.configMaps,
    },
    ...services.map((service) => ({
      path: `service-${serviceRole(service).name}.yaml`,
      about: `The service ${JSON.stringify(service.task.id)} of ${JSON.stringify(service.plan.workflow)}.`,
      manifests: [contractFiles(around, service), inferenceService(around, service, files)],
    })),
    {
      path: "graphs.yaml",
      about: "Which services answer a request, one after the other.",
      manifests: deployment.workflows.flatMap((workflow) => inferenceGraphs(around, workflow)),
    },
  ];
  return exportPages(around, pages, {
    target: "kserve",
    title: `The services of ${JSON.stringify(deployment.application)} on KServe`,
    before: secretNotes(
      around,
      secrets.map((name) => `${name}=…`),
    ),
  });
}

function servicesOf({ workflows }: Deployment): readonly StandingService[] {
  return workflows.flatMap((workflow) => {
    const passed = passedOver(workflow);
    return standingServices([workflow]).filter(({ task }) => !passed.has(task.id));
  });
}
