import { standingServices } from "../service-plan.ts";
import type { Deployment, ExportedFile, Target } from "../target.ts";
import { accessManifests } from "./access.ts";
import { filesInCluster } from "./application-files.ts";
import { artifactPlace } from "./artifact-place.ts";
import { imageTableMap } from "./image-table.ts";
import { kubernetesLacks } from "./lacks.ts";
import { networkPolicies } from "./network.ts";
import { type Surroundings, surroundingsOf } from "./objects.ts";
import { exportPages, namespacePage, type Page, secretNotes } from "./pages.ts";
import { scheduleManifests } from "./schedules.ts";
import { serverManifests, stateVolume, tokenKey } from "./server.ts";
import { serviceManifests, serviceRole } from "./services.ts";
import { trackerManifests, trackersOf } from "./trackers.ts";

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
    before: secretNotes(around, secretPairs(around)),
  });
}

function pagesOf(around: Surroundings): readonly Page[] {
  const { deployment } = around;
  const batch = deployment.workflows.filter(({ plan }) => plan.mode === "batch");
  const runs = batch.length > 0;
  const asksServices = batch.some(({ plan }) => plan.tasks.some(({ kind }) => kind === "service"));
  const trackers = runs ? trackersOf(deployment) : [];
  const services = standingServices(deployment.workflows);
  const files = filesInCluster(around, "application", deployment.files);
  return [
    namespacePage(around),
    {
      path: "access.yaml",
      about: "Who the server is, and what it may do in its namespace.",
      manifests: runs ? accessManifests(around, { services: asksServices }) : [],
    },
    {
      path: "application.yaml",
      about: "The application's own files: definition, code and data.",
      manifests: files.configMaps,
    },
    {
      path: "storage.yaml",
      about: "What outlives pods.",
      manifests: runs ? [stateVolume(around), ...artifactPlace(around).claims] : [],
    },
    {
      path: "server.yaml",
      about: "The server: kubectl exec deployment/scanflow -- scanflow run starts a run in it.",
      manifests: runs ? [imageTableMap(around), ...serverManifests(around, { files, trackers })] : [],
    },
    {
      path: "trackers.yaml",
      about: "The trackers: MLflow's REST API, one server for each, with its rows in PostgreSQL.",
      manifests: trackers.flatMap((tracker) => trackerManifests(around, tracker)),
    },
    {
      path: "schedules.yaml",
      about: "When workflows run by themselves.",
      manifests: batch.flatMap((workflow) => scheduleManifests(around, workflow)),
    },
    ...services.map((service) => ({
      path: `service-${serviceRole(service).name}.yaml`,
      about: `The service ${JSON.stringify(service.task.id)} of ${JSON.stringify(service.plan.workflow)}.`,
      manifests: serviceManifests(around, service, files),
    })),
    {
      path: "network.yaml",
      about: "Who may speak to whom.",
      manifests: networkPolicies(around, { server: runs, services: services.length > 0, asksServices }),
    },
  ];
}

function secretPairs(around: Surroundings): readonly string[] {
  const { deployment } = around;
  const runs = deployment.workflows.some(({ plan }) => plan.mode === "batch");
  const stores = trackersOf(deployment).map(
    ({ storeKey }) => `${storeKey}=postgresql://USER:PASSWORD@HOST/DATABASE`,
  );
  return [
    ...(runs ? [`${tokenKey}=$(openssl rand -hex 32)`, ...stores, ...artifactPlace(around).secret] : []),
    ...secretsOf(deployment).map((name) => `${name}=…`),
  ];
}

function secretsOf({ workflows }: Deployment): readonly string[] {
  const names = workflows.flatMap(({ plan }) =>
    plan.tasks.flatMap((task) => ("secrets" in task ? task.secrets : [])),
  );
  return [...new Set(names)].toSorted();
}
