import { authHeader, type RegistryAuth } from "./credentials.ts";
import type { Docker } from "./docker.ts";
import { hasStatus } from "./docker-error.ts";

/** A service of a swarm (Engine API, ServiceSpec), as far as it is used. */
export interface ServiceSettings {
  readonly Name: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly TaskTemplate: {
    readonly ContainerSpec: ServiceContainer;
    readonly Resources?: ServiceResources;
    readonly RestartPolicy: { readonly Condition: "none" | "on-failure" | "any"; readonly Delay?: number };
    readonly Placement: { readonly Constraints: readonly string[] };
    readonly Networks: readonly { readonly Target: string; readonly Aliases?: readonly string[] }[];
  };
  readonly Mode:
    | { readonly ReplicatedJob: { readonly MaxConcurrent: number; readonly TotalCompletions: number } }
    | { readonly Replicated: { readonly Replicas: number } };
  /** `dnsrr`: its name leads to the addresses of its containers themselves. */
  readonly EndpointSpec: { readonly Mode: "dnsrr" | "vip" };
}

export interface ServiceContainer {
  readonly Image: string;
  /** Takes the place of the image's entry point. */
  readonly Command: readonly string[];
  readonly Env: readonly string[];
  readonly User: string;
  readonly Dir: string;
  readonly Init: boolean;
  readonly ReadOnly: boolean;
  readonly CapabilityDrop: readonly string[];
  /** In nanoseconds. */
  readonly StopGracePeriod: number;
  readonly Mounts: readonly ServiceMount[];
  /** A container that is asked counts as running once it is healthy. Times in nanoseconds. */
  readonly Healthcheck?: {
    readonly Test: readonly string[];
    readonly Interval: number;
    readonly Timeout: number;
    readonly Retries: number;
    readonly StartPeriod: number;
  };
}

export interface ServiceMount {
  readonly Type: "tmpfs" | "volume";
  readonly Target: string;
  readonly TmpfsOptions?: { readonly Mode: number };
}

export interface ServiceResources {
  readonly Limits: { readonly NanoCPUs?: number; readonly MemoryBytes?: number; readonly Pids?: number };
  readonly Reservations: {
    readonly NanoCPUs?: number;
    readonly MemoryBytes?: number;
    readonly GenericResources?: readonly {
      readonly DiscreteResourceSpec: { readonly Kind: string; readonly Value: number };
    }[];
  };
}

export interface ServiceDetails {
  readonly ID: string;
  readonly Spec: ServiceSettings;
}

/** Gives its id. `auth`: with which its nodes fetch the image. */
export async function createService(
  docker: Docker,
  settings: ServiceSettings,
  { auth = null, signal }: { readonly auth?: RegistryAuth | null; readonly signal?: AbortSignal } = {},
): Promise<string> {
  const { ID } = await docker.json<{ ID: string }>({
    method: "POST",
    path: "/services/create",
    json: settings,
    headers: authHeader(auth),
    signal,
    what: `create service "${settings.Name}"`,
  });
  return ID;
}

/** Those with all these labels (`name=value`). */
export function listServices(docker: Docker, labels: readonly string[]): Promise<readonly ServiceDetails[]> {
  return docker.json({
    method: "GET",
    path: "/services",
    query: { filters: { label: labels } },
    what: "list services",
  });
}

/** Those of these ids that there are. */
export async function servicesThere(docker: Docker, ids: readonly string[]): Promise<readonly string[]> {
  const found = await docker.json<readonly ServiceDetails[]>({
    method: "GET",
    path: "/services",
    query: { filters: { id: ids } },
    what: "list services",
  });
  return found.map(({ ID }) => ID);
}

/** Its containers are ended behind it. Nothing is done when there is none. */
export async function removeService(docker: Docker, id: string): Promise<void> {
  const call = { method: "DELETE", path: `/services/${id}` } as const;
  await docker.send({ ...call, what: `remove service "${id}"` }).catch((error: unknown) => {
    if (!hasStatus(error, 404)) throw error;
  });
}

/** A container that a service has, had or will have on some node (Engine API, Task), as far as it is used. */
export interface SwarmTask {
  readonly ID: string;
  readonly ServiceID: string;
  readonly NodeID?: string;
  readonly Slot?: number;
  readonly CreatedAt: string;
  readonly DesiredState: string;
  readonly Status: {
    /** `new`, `pending`, `assigned`, `preparing`, `starting`, `running`, `complete`, `failed`, `rejected`, `shutdown`, … */
    readonly State: string;
    readonly Message?: string;
    readonly Err?: string;
    readonly ContainerStatus?: { readonly ExitCode?: number };
  };
}

/** Those of these services, or with these ids; without either all. */
export function listTasks(
  docker: Docker,
  filters: { readonly service?: readonly string[]; readonly id?: readonly string[] },
): Promise<readonly SwarmTask[]> {
  return docker.json({ method: "GET", path: "/tasks", query: { filters }, what: "list tasks of services" });
}

/** A machine of a swarm (Engine API, Node), as far as it is used. */
export interface SwarmNode {
  readonly ID: string;
  readonly Spec: {
    readonly Role: "worker" | "manager";
    readonly Availability: "active" | "pause" | "drain";
    readonly Labels: Readonly<Record<string, string>> | null;
  };
  readonly Description: {
    readonly Hostname: string;
    readonly Resources: { readonly NanoCPUs: number; readonly MemoryBytes: number };
  };
  readonly Status: { readonly State: "unknown" | "down" | "ready" | "disconnected"; readonly Addr?: string };
}

/** Only a manager knows them. */
export function listNodes(docker: Docker): Promise<readonly SwarmNode[]> {
  return docker.json({ method: "GET", path: "/nodes", what: "list the nodes of the swarm" });
}
