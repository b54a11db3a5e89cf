import type { ServiceMount, ServiceSettings } from "../../docker/index.ts";
import { imageUser } from "../../images/index.ts";
import { platformName } from "../../platform-name.ts";
import { listeningInContainer } from "../contract/listening.ts";
import { containerSite } from "../contract/places.ts";
import { nodeName } from "../docker/container-service.ts";
import { attemptLabels, type Labels } from "../docker/labels.ts";
import type { AttemptPlace, AttemptSpec } from "../runner.ts";
import { constraintsOf, gpuKind } from "./placement.ts";

export interface JobOptions {
  readonly image: string;
  /** The command line that starts the shim in it. */
  readonly shim: readonly string[];
  /** Where the gateway is, and the attempt's token. */
  readonly variables: Readonly<Record<string, string>>;
  readonly owner: Labels;
  /** Ids of the networks that it is in. */
  readonly networks: readonly string[];
  /** The only node that has its image; null: all can get it. */
  readonly node: string | null;
  readonly graceMs: number;
  readonly mode: JobMode;
}

/**
 * A service that runs once: a job; or one container that is never started again, where removing a job leaves its
 * containers behind (moby issue 44312; before Docker 24).
 */
export type JobMode = "job" | "once";

export function jobModeOf(serverVersion: string): JobMode {
  return Number.parseInt(serverVersion, 10) >= 24 ? "job" : "once";
}

/** How long the shim may take to end beyond the time that its command gets. */
const marginMs = 5000;

/**
 * Where the application's files are fetched to. Not `/app`: where an image has that folder, a mount there gets its mode
 * (runc, libcontainer/rootfs_linux.go), and only root may write.
 */
const applicationFolder = `${containerSite.folder}/app`;

/** Swarm puts the name of the node in. */
const nodeMark = "{{.Node.Hostname}}";

/** The job of an attempt: one container, once, on a node that Swarm chooses; the shim in it does the rest. */
export function jobOf(spec: AttemptSpec, options: JobOptions): ServiceSettings {
  const { networks } = options;
  return {
    ...serviceOf(spec, options),
    TaskTemplate: {
      ...templateOf(spec, options),
      // Whether it is tried again is the engine's decision.
      RestartPolicy: { Condition: "none" },
      Networks: networks.map((Target) => ({ Target })),
    },
    Mode:
      options.mode === "job"
        ? { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } }
        : { Replicated: { Replicas: 1 } },
  };
}

/** Names of services are names of DNS, too. */
export function jobName({ run, task, attempt }: AttemptPlace): string {
  return platformName(["scanflow", run, task, attempt].join("-"));
}

/** What stays up: as many containers as the service has replicas, each with a token of its own. */
export function standingOf(spec: AttemptSpec, options: JobOptions): ServiceSettings {
  const template = templateOf(spec, options);
  const { service } = spec;
  const listening = listeningInContainer(spec);
  const health = listening && healthOf(listening.port, service?.health ?? null, options.shim);
  return {
    ...serviceOf(spec, options),
    TaskTemplate: {
      ...template,
      ContainerSpec: { ...template.ContainerSpec, ...(health && { Healthcheck: health }) },
      RestartPolicy: { Condition: "none" },
      Networks: options.networks.map((Target) => ({ Target, Aliases: [nodeName(spec.task)] })),
    },
    Mode: { Replicated: { Replicas: Math.max(1, service?.replicas ?? 1) } },
  };
}

/** In nanoseconds. Until it was healthy once it may take as long as its timeout lets it. */
const pace = { Interval: 3e9, Timeout: 5e9, Retries: 20, StartPeriod: 24 * 3600 * 1e9 };

/** Asked by the shim's own Node in the container: Swarm says that it runs once it is healthy. */
function healthOf(port: number, path: string | null, shim: readonly string[]): Health {
  const ask =
    path === null
      ? `require("node:net").connect(${port}, "127.0.0.1").on("connect", () => process.exit(0)).on("error", () => process.exit(1))`
      : `fetch(${JSON.stringify(`http://127.0.0.1:${port}${path}`)}, { redirect: "manual" }).then((r) => process.exit(r.status < 400 ? 0 : 1), () => process.exit(1))`;
  return { Test: ["CMD", ...shim.slice(0, -1), "-e", ask], ...pace };
}

type Health = NonNullable<ServiceSettings["TaskTemplate"]["ContainerSpec"]["Healthcheck"]>;

function serviceOf(
  spec: AttemptSpec,
  { owner }: JobOptions,
): Pick<ServiceSettings, "Name" | "Labels" | "EndpointSpec"> {
  return {
    Name: jobName(spec),
    Labels: { ...owner, ...attemptLabels(spec) },
    EndpointSpec: { Mode: "dnsrr" },
  };
}

function templateOf(
  spec: AttemptSpec,
  { image, shim, variables, node, graceMs }: JobOptions,
): Omit<ServiceSettings["TaskTemplate"], "RestartPolicy" | "Networks"> {
  const all = { HOME: "/tmp", SCANFLOW_ROOT: applicationFolder, SCANFLOW_NODE: nodeMark, ...variables };
  return {
    ContainerSpec: {
      Image: image,
      Command: [...shim, "run"],
      Env: Object.entries(all).map(([name, value]) => `${name}=${value}`),
      User: imageUser,
      Dir: "/",
      Init: false,
      ReadOnly: true,
      CapabilityDrop: ["ALL"],
      StopGracePeriod: (graceMs + marginMs) * 1e6,
      Mounts: [containerSite.folder, "/tmp"].map(writable),
    },
    Resources: resourcesOf(spec),
    Placement: { Constraints: constraintsOf(spec, node) },
  };
}

function writable(Target: string): ServiceMount {
  return { Type: "tmpfs", Target, TmpfsOptions: { Mode: 0o1777 } };
}

/** A task that starts thousands of processes is one that has gone wrong. */
const mostProcesses = 4096;
/** The least that a daemon accepts (moby: daemon/daemon_unix.go). */
const leastMemory = 6 * 1024 * 1024;

/** What it gets is kept for it on its node, and it gets no more. */
function resourcesOf({ resources }: AttemptSpec): NonNullable<ServiceSettings["TaskTemplate"]["Resources"]> {
  const { cpu = 0, memory = 0, gpu = 0 } = resources ?? {};
  const amounts = {
    ...(cpu > 0 && { NanoCPUs: Math.round(cpu * 1e9) }),
    ...(memory > 0 && { MemoryBytes: Math.max(memory, leastMemory) }),
  };
  return {
    Limits: { ...amounts, Pids: mostProcesses },
    Reservations: {
      ...amounts,
      ...(gpu > 0 && {
        GenericResources: [{ DiscreteResourceSpec: { Kind: gpuKind, Value: Math.ceil(gpu) } }],
      }),
    },
  };
}
