import type {
  V1ConfigMap,
  V1Container,
  V1Deployment,
  V1EnvVar,
  V1PodDisruptionBudget,
  V1PodSpec,
  V1Service,
  V2HorizontalPodAutoscaler,
} from "@kubernetes/client-node";
import { platformName } from "../../platform-name.ts";
import { placed } from "../../runners/kubernetes/placed.ts";
import { limitsOf } from "../../runners/kubernetes/quantities.ts";
import { portOf, type StandingService, standingCommand, standingInputs } from "../service-plan.ts";
import type { FilesInCluster } from "./application-files.ts";
import { confined, confinedPod, temporary } from "./confined.ts";
import { escaped, metadataOf, type Role, type Surroundings, selectorOf } from "./objects.ts";

export type ServiceManifest =
  | V1ConfigMap
  | V1Deployment
  | V1Service
  | V2HorizontalPodAutoscaler
  | V1PodDisruptionBudget;

export function serviceRole({ task }: StandingService): Role {
  return { component: "service", name: platformName(task.id) };
}

/** A service of an online workflow: it stays up, is found by its name, and grows with the load where it may. */
export function serviceManifests(
  around: Surroundings,
  service: StandingService,
  files: FilesInCluster,
): readonly ServiceManifest[] {
  const role = serviceRole(service);
  const { replicas, maxReplicas } = service.task.service;
  const scaled = maxReplicas !== null && maxReplicas > replicas;
  const metadata = metadataOf(around, role);
  const labels = selectorOf(around, role);
  const deployment: V1Deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: {
      // Who scales it says how many there are; an export would set it back.
      ...(scaled ? {} : { replicas }),
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: servicePod(around, service, files) },
    },
  };
  const named: V1Service = {
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: { selector: labels, ports: [{ name: "http", port: portOf(service), targetPort: "http" }] },
  };
  return [
    contractFiles(around, service),
    deployment,
    named,
    ...(scaled ? [autoscaler(around, role, { minReplicas: replicas, maxReplicas })] : []),
    ...(replicas > 1 ? [budget(around, role)] : []),
  ];
}

function autoscaler(
  around: Surroundings,
  role: Role,
  between: { readonly minReplicas: number; readonly maxReplicas: number },
): V2HorizontalPodAutoscaler {
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: metadataOf(around, role),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: role.name },
      ...between,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
        },
      ],
    },
  };
}

/** Machines are emptied one replica at a time. */
function budget(around: Surroundings, role: Role): V1PodDisruptionBudget {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: metadataOf(around, role),
    spec: { maxUnavailable: 1, selector: { matchLabels: selectorOf(around, role) } },
  };
}

/** What the node contract has in files: parameters, and what a function is started with. */
export function contractFiles(around: Surroundings, service: StandingService): V1ConfigMap {
  const { component, name } = serviceRole(service);
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadataOf(around, { component, name: `${name}-contract` }),
    data: Object.fromEntries(
      standingCommand(service).files.map(({ path, text }) => [path.slice(path.lastIndexOf("/") + 1), text]),
    ),
  };
}

/** The pod of a standing service; KServe takes the same as a predictor. */
export function servicePod(around: Surroundings, service: StandingService, files: FilesInCluster): V1PodSpec {
  const { task } = service;
  const { images } = around.deployment;
  const { name } = serviceRole(service);
  const app = { name: "app", mountPath: "/app" };
  const work = { name: "work", mountPath: "/scanflow" };
  const setUp = [
    "cp -RL /files/. /app/ && cp -RL /contract/. /scanflow/ && mkdir -p /scanflow/inputs",
    ...standingInputs(service).map(([from, to]) => `cp -RL ${quoted(`/app/${from}`)} ${quoted(to)}`),
  ].join(" && ");
  return {
    ...confinedPod,
    ...placed(task.placement),
    terminationGracePeriodSeconds: 30,
    initContainers: [
      {
        name: "files",
        image: images.scanflow,
        command: ["/bin/sh", "-c", escaped(setUp)],
        resources: { requests: { cpu: "50m", memory: "32Mi" }, limits: { memory: "128Mi" } },
        volumeMounts: [
          { name: files.volume.name, mountPath: "/files", readOnly: true },
          { name: "contract", mountPath: "/contract", readOnly: true },
          app,
          work,
        ],
        ...confined,
      },
    ],
    containers: [serviceContainer(around, service)],
    volumes: [
      files.volume,
      { name: "contract", configMap: { name: `${name}-contract` } },
      { name: "app", emptyDir: {} },
      { name: "work", emptyDir: {} },
      temporary.volume,
    ],
  };
}

function serviceContainer(around: Surroundings, service: StandingService): V1Container {
  const { task } = service;
  const { file, args, variables } = standingCommand(service);
  const { health } = task.service;
  const probe =
    health === null ? { tcpSocket: { port: "http" } } : { httpGet: { path: health, port: "http" } };
  const port = portOf(service);
  const limits = limitsOf(task.resources);
  const env: V1EnvVar[] = [
    ...Object.entries({ HOME: "/tmp", SCANFLOW_PORT: String(port), ...variables }).map(([name, value]) => ({
      name,
      value: escaped(value),
    })),
    ...task.secrets.map((name) => ({
      name,
      valueFrom: { secretKeyRef: { name: around.secret, key: name } },
    })),
  ];
  return {
    name: "service",
    image: around.deployment.images.of(task),
    command: [file, ...args].map(escaped),
    workingDir: "/app",
    env: env.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    ports: [{ name: "http", containerPort: port }],
    // A model may take long to load; once it answers, silence means that it hangs.
    startupProbe: { ...probe, periodSeconds: 2, failureThreshold: 300 },
    readinessProbe: { ...probe, periodSeconds: 5, timeoutSeconds: 5 },
    livenessProbe: { ...probe, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 3 },
    resources: { requests: limits, limits },
    volumeMounts: [
      { name: "app", mountPath: "/app", readOnly: true },
      { name: "work", mountPath: "/scanflow" },
      temporary.mount,
    ],
    ...confined,
  };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
