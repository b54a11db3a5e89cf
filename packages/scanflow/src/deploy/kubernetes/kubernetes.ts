import { standingServices } from "../service-plan.ts";
import type { Deployment, ExportedFile, Target } from "../target.ts";
import { accessManifests } from "./access.ts";
import { filesInCluster } from "./application-files.ts";
import { consoleDeployment, cronJobs, stateVolume } from "./engine.ts";
import { kubernetesLacks } from "./lacks.ts";
import { networkPolicies } from "./network.ts";
import { type Surroundings, surroundingsOf } from "./objects.ts";
import { exportPages, namespacePage, type Page, secretNotes } from "./pages.ts";
import { serviceManifests, serviceRole } from "./services.ts";
import { artifactsVolume, trackerManifests, trackersOf } from "./trackers.ts";

/** Kubernetes: plain manifests with a kustomization, so that they can be a base. */
export const kubernetes: Target = {
  name: "kubernetes",
  describe: "manifests with a kustomization: schedules, trackers, services",
  needsFiles: true,
  refuse: kubernetesLacks,
  export: exportKubernetes,
  apply: (_, folder) => `kubectl apply --server-side -k ${folder}`,
};

function exportKubernetes(deployment: Deployment): readonly ExportedFile[] {
  const around = surroundingsOf(deployment);
  return exportPages(around, pagesOf(around), {
    target: "kubernetes",
    title: `All of ${JSON.stringify(deployment.application)} on Kubernetes`,
    before: secretNotes(around, secretPairs(deployment)),
  });
}

function pagesOf(around: Surroundings): readonly Page[] {
  const { deployment } = around;
  const trackers = trackersOf(deployment);
  const batch = deployment.workflows.filter(({ plan }) => plan.mode === "batch");
  const services = standingServices(deployment.workflows);
  const files = filesInCluster(around, "application", deployment.files);
  const engines = { around, files, trackers };
  const needConsole = batch.filter(({ plan }) => plan.tasks.some(({ kind }) => kind === "approval"));
  return [
    namespacePage(around),
    {
      path: "access.yaml",
      about: "Who engines are, and what they may do in their namespace.",
      manifests: batch.length > 0 ? accessManifests(around) : [],
    },
    {
      path: "application.yaml",
      about: "The application's own files: definition, code and data.",
      manifests: files.configMaps,
    },
    {
      path: "storage.yaml",
      about: "What outlives pods: the state of engines, and the artifacts that trackers know.",
      manifests: [
        ...batch.map((workflow) => stateVolume(around, workflow)),
        ...(trackers.length > 0 ? [artifactsVolume(around)] : []),
      ],
    },
    {
      path: "trackers.yaml",
      about: "The workflows' trackers: MLflow's REST API, one server for each.",
      manifests: trackers.flatMap((tracker) => trackerManifests(around, tracker)),
    },
    {
      path: "workflows.yaml",
      about: "Runs by schedule and by hand: kubectl create job --from=cronjob/NAME RUN.",
      manifests: batch.flatMap((workflow) => cronJobs(engines, workflow)),
    },
    {
      path: "consoles.yaml",
      about:
        "Where approvals are answered, once scaled to 1: kubectl exec -it deployment/NAME -- scanflow approve RUN TASK.",
      manifests: needConsole.map((workflow) => consoleDeployment(engines, workflow)),
    },
    ...services.map((service) => ({
      path: `service-${serviceRole(service).name}.yaml`,
      about: `The service ${JSON.stringify(service.task.id)} of ${JSON.stringify(service.plan.workflow)}.`,
      manifests: serviceManifests(around, service, files),
    })),
    {
      path: "network.yaml",
      about: "Who may speak to whom.",
      manifests: networkPolicies(around, {
        engines: batch.length > 0,
        trackers: trackers.length > 0,
        services: services.length > 0,
      }),
    },
  ];
}

function secretPairs(deployment: Deployment): readonly string[] {
  return [
    ...trackersOf(deployment).map(({ storeKey }) => `${storeKey}=postgresql://USER:PASSWORD@HOST/DATABASE`),
    ...secretsOf(deployment).map((name) => `${name}=…`),
    ...(deployment.options.host === undefined ? [] : ["SCANFLOW_TRACKER_TOKEN=…"]),
  ];
}

function secretsOf({ workflows }: Deployment): readonly string[] {
  const names = workflows.flatMap(({ plan }) =>
    plan.tasks.flatMap((task) => ("secrets" in task ? task.secrets : [])),
  );
  return [...new Set(names)].toSorted();
}
