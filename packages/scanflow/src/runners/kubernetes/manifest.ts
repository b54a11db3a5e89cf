import type {
  V1Container,
  V1Job,
  V1PodSpec,
  V1Secret,
  V1Service,
  V1VolumeMount,
} from "@kubernetes/client-node";
import type { Placement, Resources, ServiceSettings, Timeout } from "@scanflow/core";
import type { RemoteCommand } from "../gateway.ts";
import type { AttemptPlace } from "../runner.ts";
import { hostAliases } from "./host-aliases.ts";
import { attemptLabels, attemptName, type Belonging, gatewayAnnotation, taskAnnotation } from "./names.ts";
import { placed } from "./placed.ts";
import { attendLimits, type Limits, limitsOf, shimLimits } from "./quantities.ts";
import { confined, confinedPod } from "./security.ts";
import { listeningContainer, lowPorts, replicasOf, serviceManifest } from "./service-manifest.ts";

export interface ManifestRequest {
  readonly place: AttemptPlace;
  readonly belonging: Belonging;
  readonly images: {
    /** What the command runs in, untouched. */
    readonly main: string;
    /** What has the shim. */
    readonly shim: string;
  };
  /** How the shim is started in its image. */
  readonly shim: readonly string[];
  readonly command: RemoteCommand;
  /** How the shim reaches the owner, its token included; all of it is kept in the Secret. */
  readonly gateway: Readonly<Record<string, string>>;
  /** Where the gateway is, by which an owner that comes later knows whether it can be found there. */
  readonly gatewayUrl: string;
  /** The token of who attends the command; undefined: nobody does. */
  readonly attendToken?: string | undefined;
  readonly resources: Resources;
  readonly placement: Placement;
  readonly timeout: Timeout;
  /** How it is asked; absent: it is no service. */
  readonly service?: ServiceSettings | undefined;
  /** Base addresses of the services that it may ask, by the names of their nodes. */
  readonly services?: Readonly<Record<string, string>> | undefined;
  /** Secrets of the namespace by which images are fetched. */
  readonly pullSecrets: readonly string[];
}

export interface AttemptManifests {
  readonly job: V1Job;
  readonly secret: V1Secret;
  /** Of a service alone. */
  readonly service?: V1Service;
}

/**
 * Containers of the pod, by what they do. All but the last are init containers: each begins when the one before is done,
 * or, of `attend`, has started. That is in pods alone whose command somebody has to attend. A service is fetched for and
 * stays: it has no `publish`, and its `main` is no init container.
 */
export const containerNames = { fetch: "fetch", attend: "attend", main: "main", publish: "publish" } as const;

/** Key of the Secret that holds its token. */
const attendKey = "SCANFLOW_ATTEND_TOKEN";

const secondsADay = 86_400;
/** Of the contract: SIGTERM, and SIGKILL after this time. */
const graceSeconds = 5;
/** A pod has one for all its containers: the command's, and then time to hand in a checkpoint. Kubernetes' own default. */
export const attendedGraceSeconds = 30;

/**
 * The Job and the Secret of one attempt. The Job makes one pod, once: `fetch` brings code and inputs, `main` is the
 * command in its own image, `publish` hands in outputs and result; `attend`, where it is needed, looks after heartbeat
 * and checkpoint meanwhile. Tries are the engine's, so the Job has none of its own. A service has a pod for each of its
 * replicas, and a Service before them. Pure: the same request gives the same bytes.
 */
export function attemptManifests(request: ManifestRequest): AttemptManifests {
  const { place, belonging, service } = request;
  const name = attemptName(place, belonging.owner);
  const metadata = {
    name,
    labels: attemptLabels(place, belonging),
    annotations: { [taskAnnotation]: place.task, [gatewayAnnotation]: request.gatewayUrl },
  };
  const { secret, open } = divided(request);
  // A service may stay up as long as it is needed.
  const deadline = service ? undefined : deadlineSeconds(request.timeout);
  return {
    secret: {
      apiVersion: "v1",
      kind: "Secret",
      metadata,
      type: "Opaque",
      immutable: true,
      stringData: secret,
    },
    job: {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata,
      spec: {
        backoffLimit: 0,
        ...(service ? replicasOf(service) : { completions: 1, parallelism: 1 }),
        ...(deadline !== undefined && { activeDeadlineSeconds: deadline }),
        // The owner removes what it has taken in; this is for owners that never come back.
        ttlSecondsAfterFinished: secondsADay,
        template: {
          metadata: { labels: metadata.labels, annotations: metadata.annotations },
          spec: podSpec(request, { name, open, secret: Object.keys(secret) }),
        },
      },
    },
    ...(service && { service: serviceManifest(metadata, service) }),
  };
}

interface Divided {
  /** Values by key of the Secret. */
  readonly secret: Readonly<Record<string, string>>;
  /** Variables of the command that may be read by whoever may read the pod. */
  readonly open: Readonly<Record<string, string>>;
}

function divided({ command, gateway, attendToken }: ManifestRequest): Divided {
  const hidden = new Set(command.secret);
  const variables = Object.entries(command.variables);
  const attend = attendToken === undefined ? {} : { [attendKey]: attendToken };
  return {
    secret: { ...gateway, ...attend, ...Object.fromEntries(variables.filter(([name]) => hidden.has(name))) },
    open: Object.fromEntries(variables.filter(([name]) => !hidden.has(name))),
  };
}

/**
 * The owner ends what is out of time; this is for when it is away. It counts from the Job's start, the wait for a
 * machine included, so a start without a limit is given a day.
 */
function deadlineSeconds({ startMs, runMs }: Timeout): number | undefined {
  if (runMs === null) return undefined;
  const margin = 60;
  return Math.ceil((startMs === null ? secondsADay : startMs / 1000) + runMs / 1000) + margin;
}

function podSpec(
  request: ManifestRequest,
  { name, open, secret }: { name: string; open: Divided["open"]; secret: readonly string[] },
): V1PodSpec {
  const { images, shim, command, resources, placement, pullSecrets, gateway, attendToken, service } = request;
  const own = limitsOf(resources);
  const isAttended = attendToken !== undefined;
  const fromSecret = (key: string, as = key) => ({
    name: as,
    valueFrom: { secretKeyRef: { name, key } },
  });
  const shimContainer = (part: "fetch" | "attend" | "publish"): V1Container =>
    container({
      name: containerNames[part],
      image: images.shim,
      words: [...shim, part],
      env: [
        ...Object.keys(gateway).map((key) =>
          // Who attends can do nothing else.
          fromSecret(part === "attend" && key === "SCANFLOW_GATEWAY_TOKEN" ? attendKey : key, key),
        ),
        { name: "HOME", value: "/tmp" },
      ],
      limits: part === "attend" ? attendLimits : shimLimits,
      mounts: part === "attend" ? attendMounts : shimMounts,
    });
  const attendants = isAttended ? [{ ...shimContainer("attend"), restartPolicy: "Always" }] : [];
  const main: V1Container = {
    ...container({
      name: containerNames.main,
      image: images.main,
      words: [command.file, ...command.args],
      env: [
        // The node's own HOME comes after ours and counts.
        ...Object.entries({ HOME: "/tmp", ...open }).map(([key, value]) => ({
          name: key,
          value: escaped(value),
        })),
        ...secret.filter((key) => key in command.variables).map((key) => fromSecret(key)),
      ],
      limits: own,
      mounts: mainMounts,
    }),
    ...(service && listeningContainer(service)),
  };
  return {
    restartPolicy: "Never",
    terminationGracePeriodSeconds: isAttended ? attendedGraceSeconds : graceSeconds,
    enableServiceLinks: false,
    securityContext: { ...confinedPod.securityContext, ...(service && lowPorts(service)) },
    ...hostAliases(request.services ?? {}, request.gatewayUrl),
    ...placed(placement),
    ...(pullSecrets.length > 0 && { imagePullSecrets: pullSecrets.map((one) => ({ name: one })) }),
    initContainers: [shimContainer("fetch"), ...attendants, ...(service ? [] : [main])],
    containers: [service ? main : shimContainer("publish")],
    volumes: [
      { name: "app", emptyDir: {} },
      { name: "work", emptyDir: resources.storage > 0 ? { sizeLimit: String(resources.storage) } : {} },
      { name: "tmp", emptyDir: {} },
      { name: "shared-memory", emptyDir: { medium: "Memory", sizeLimit: String(sharedMemory(resources)) } },
      { name: "shim-tmp", emptyDir: {} },
    ],
  };
}

/** Which the loaders of data of deep-learning libraries pass their batches through; nodes give 64 MiB by themselves. */
function sharedMemory({ memory }: Resources): number {
  return memory > 0 ? Math.min(memory, 1024 ** 3) : 1024 ** 3;
}

const shimMounts: V1VolumeMount[] = [
  { name: "app", mountPath: "/app" },
  { name: "work", mountPath: "/scanflow" },
  { name: "shim-tmp", mountPath: "/tmp" },
];

const attendMounts: V1VolumeMount[] = [
  { name: "app", mountPath: "/app", readOnly: true },
  { name: "work", mountPath: "/scanflow", readOnly: true },
  { name: "shim-tmp", mountPath: "/tmp" },
];

const mainMounts: V1VolumeMount[] = [
  { name: "app", mountPath: "/app", readOnly: true },
  { name: "work", mountPath: "/scanflow" },
  { name: "work", mountPath: "/scanflow/inputs", subPath: "inputs", readOnly: true },
  { name: "tmp", mountPath: "/tmp" },
  { name: "shared-memory", mountPath: "/dev/shm" },
];

interface ContainerRequest {
  readonly name: string;
  readonly image: string;
  readonly words: readonly string[];
  readonly env: NonNullable<V1Container["env"]>;
  readonly limits: Limits;
  readonly mounts: V1VolumeMount[];
}

function container({ name, image, words, env, limits, mounts }: ContainerRequest): V1Container {
  return {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    // The image's own entry point is left out, as on every other platform.
    command: words.map(escaped),
    workingDir: "/app",
    env: env.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    resources: { requests: limits, limits },
    volumeMounts: mounts,
    ...confined,
  };
}

/** Kubernetes reads `$(NAME)` in commands and values as a variable, and `$$` as one `$`. */
function escaped(text: string): string {
  return text.replaceAll("$", "$$$$");
}
