import type {
  V1CronJob,
  V1Deployment,
  V1EnvVar,
  V1PersistentVolumeClaim,
  V1PodSpec,
} from "@kubernetes/client-node";
import type { JsonValue, Plan } from "@scanflow/core";
import { platformName } from "../names.ts";
import type { PlannedWorkflow } from "../target.ts";
import { engineAccount } from "./access.ts";
import type { FilesInCluster } from "./application-files.ts";
import { confined, confinedPod, temporary } from "./confined.ts";
import { keptMetadata, metadataOf, type Role, type Surroundings, selectorOf } from "./objects.ts";
import { type ClusterTracker, sharedArtifacts, trackerAddresses } from "./trackers.ts";

/** What engines of one export share. */
export interface EngineSurroundings {
  readonly around: Surroundings;
  readonly files: FilesInCluster;
  readonly trackers: readonly ClusterTracker[];
}

/** Names of CronJobs are at most 52 characters long: Jobs add 11 to them. */
const mostOfCronJob = 52;

/**
 * One engine at a time works on a workflow's state: who comes later waits. What was left half-done is taken up before
 * anything new is begun.
 */
const turn = `exec flock "$SCANFLOW_STATE/turn" sh -c '
  if scanflow ls --workflow "$1" --limit 1 --json | grep -q "\\"status\\": \\"interrupted\\""; then
    exec scanflow resume
  fi
  exec scanflow run "$@"
' sh "$@"
`;

export function stateVolume(around: Surroundings, { plan }: PlannedWorkflow): V1PersistentVolumeClaim {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: keptMetadata(around, stateOf(plan)),
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Gi" } } },
  };
}

/**
 * The CronJobs of a workflow: one that is suspended, from which a run is started by hand, and one for each schedule.
 * The first is left out when parameters have no default.
 */
export function cronJobs(engines: EngineSurroundings, workflow: PlannedWorkflow): readonly V1CronJob[] {
  const { plan } = workflow;
  const byHand = missingParams(plan).length === 0 ? [cronJob(engines, workflow, null)] : [];
  return [...byHand, ...plan.schedules.map((_, at) => cronJob(engines, workflow, at))];
}

/** Parameters that a run must be given. */
export function missingParams({ params }: Plan): readonly string[] {
  return Object.keys(params).filter((name) => params[name]?.default === undefined);
}

function cronJob(
  engines: EngineSurroundings,
  { plan, digest }: PlannedWorkflow,
  at: number | null,
): V1CronJob {
  const schedule = at === null ? undefined : plan.schedules[at];
  const plain = schedule ? `schedule-${plan.workflow}-${(at ?? 0) + 1}` : `run-${plan.workflow}`;
  const role: Role = { component: "engine", name: platformName(plain, { most: mostOfCronJob }) };
  const params = Object.entries(schedule?.params ?? {}).flatMap(([name, value]) => [
    "--param",
    `${name}=${paramText(plan, name, value)}`,
  ]);
  const spec = engineSpec(engines, plan, ["/bin/sh", "-c", turn, "sh", plan.workflow, ...params]);
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: {
      ...metadataOf(engines.around, role),
      annotations: { "org.scanflow/workflow": plan.workflow, "org.scanflow/plan": digest },
    },
    spec: {
      schedule: schedule?.cron ?? "0 0 1 1 *",
      timeZone: schedule?.timezone ?? "Etc/UTC",
      suspend: schedule === undefined,
      concurrencyPolicy: "Forbid",
      // Of the starts that were missed, such as in the night of an upgrade, one within the hour is made up for.
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        spec: {
          backoffLimit: 6,
          ttlSecondsAfterFinished: 7 * 86_400,
          podFailurePolicy: {
            rules: [
              // Failed, wrong use, waiting for a person: trying again changes nothing. Of all else the run goes on.
              {
                action: "FailJob",
                onExitCodes: { containerName: "engine", operator: "In", values: [1, 2, 75] },
              },
              { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
            ],
          },
          template: {
            metadata: { labels: selectorOf(engines.around, role) },
            spec: { ...spec, restartPolicy: "Never" },
          },
        },
      },
    },
  };
}

/** Where a person works with a workflow's state: answers approvals, looks at runs. Nobody is there until it is scaled to 1. */
export function consoleDeployment(engines: EngineSurroundings, { plan }: PlannedWorkflow): V1Deployment {
  const role: Role = { component: "engine", name: platformName(`console-${plan.workflow}`) };
  const labels = selectorOf(engines.around, role);
  const wait = "trap 'exit 0' TERM INT; while :; do sleep 3600 & wait; done";
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf(engines.around, role),
    spec: {
      replicas: 0,
      strategy: { type: "Recreate" },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: engineSpec(engines, plan, ["/bin/sh", "-c", wait]),
      },
    },
  };
}

function engineSpec(engines: EngineSurroundings, plan: Plan, command: readonly string[]): V1PodSpec {
  const { around, files, trackers } = engines;
  const image = around.deployment.images.scanflow;
  const shared = trackers.length > 0;
  const app = { name: "app", mountPath: "/app" };
  return {
    ...confinedPod,
    serviceAccountName: engineAccount.name,
    automountServiceAccountToken: true,
    // So long has what runs to be told; attempts in the cluster go on meanwhile.
    terminationGracePeriodSeconds: 30,
    initContainers: [
      {
        name: "files",
        image,
        // Plain files, since digests of code and data do not follow links.
        command: ["cp", "-RL", "/files/.", "/app/"],
        resources: { requests: { cpu: "50m", memory: "32Mi" }, limits: { memory: "128Mi" } },
        volumeMounts: [{ name: files.volume.name, mountPath: "/files", readOnly: true }, app],
        ...confined,
      },
    ],
    containers: [
      {
        name: "engine",
        image,
        command: [...command],
        workingDir: "/app",
        env: environmentOf(engines),
        envFrom: [{ secretRef: { name: around.secret, optional: true } }],
        ports: [{ name: "gateway", containerPort: gatewayPort }],
        resources: { requests: { cpu: "250m", memory: "512Mi" }, limits: { memory: "2Gi" } },
        volumeMounts: [
          app,
          { name: "state", mountPath: stateFolder },
          ...(shared ? [{ name: sharedArtifacts, mountPath: `${stateFolder}/artifacts` }] : []),
          temporary.mount,
        ],
        ...confined,
      },
    ],
    volumes: [
      files.volume,
      { name: "app", emptyDir: {} },
      { name: "state", persistentVolumeClaim: { claimName: stateOf(plan) } },
      ...(shared ? [{ name: sharedArtifacts, persistentVolumeClaim: { claimName: sharedArtifacts } }] : []),
      temporary.volume,
    ],
  };
}

const stateFolder = "/app/.scanflow";

/** Where pods of attempts reach the engine. */
export const gatewayPort = 8080;

function environmentOf({ around, trackers }: EngineSurroundings): V1EnvVar[] {
  const { registry } = around.deployment.options;
  const ofPod = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
  return [
    { name: "HOME", value: "/tmp" },
    { name: "SCANFLOW_ON", value: "kubernetes" },
    { name: "SCANFLOW_STATE", value: stateFolder },
    ofPod("SCANFLOW_NAMESPACE", "metadata.namespace"),
    ofPod("SCANFLOW_GATEWAY_HOST", "status.podIP"),
    { name: "SCANFLOW_GATEWAY_PORT", value: String(gatewayPort) },
    ...(registry === undefined ? [] : [{ name: "SCANFLOW_REGISTRY", value: registry }]),
    ...(trackers.length === 0 ? [] : [{ name: "SCANFLOW_TRACKERS", value: trackerAddresses(trackers) }]),
  ];
}

function stateOf({ workflow }: Plan): string {
  return platformName(`state-${workflow}`);
}

/** As `--param` reads it: the text of a string as it is, all else as JSON. */
function paramText(plan: Plan, name: string, value: JsonValue): string {
  return plan.params[name]?.type === "string" && typeof value === "string" ? value : JSON.stringify(value);
}
