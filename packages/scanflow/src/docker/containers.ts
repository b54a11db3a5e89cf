import type { IncomingMessage } from "node:http";
import type { Docker } from "./docker.ts";
import { hasStatus } from "./docker-error.ts";

/** The parts of a container's settings that are used (Engine API, ContainerCreate). */
export interface ContainerSettings {
  readonly Image: string;
  readonly Cmd?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly Hostname?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly ExposedPorts?: Readonly<Record<string, object>>;
  /** Of the daemon's own making; in nanoseconds. */
  readonly Healthcheck?: { readonly Test: readonly string[] };
  readonly StopSignal?: string;
  readonly HostConfig?: HostSettings;
  readonly NetworkingConfig?: {
    readonly EndpointsConfig: Readonly<Record<string, { readonly Aliases?: readonly string[] }>>;
  };
}

export interface HostSettings {
  readonly AutoRemove?: boolean;
  /** `source:target:ro` */
  readonly Binds?: readonly string[];
  readonly Mounts?: readonly MountSettings[];
  readonly Tmpfs?: Readonly<Record<string, string>>;
  readonly NetworkMode?: string;
  readonly PortBindings?: Readonly<
    Record<string, readonly { readonly HostIp?: string; readonly HostPort: string }[]>
  >;
  readonly ExtraHosts?: readonly string[];
  readonly ReadonlyRootfs?: boolean;
  readonly Init?: boolean;
  readonly CapDrop?: readonly string[];
  readonly CapAdd?: readonly string[];
  /** Names or numbers of further groups. */
  readonly GroupAdd?: readonly string[];
  readonly SecurityOpt?: readonly string[];
  readonly PidsLimit?: number;
  readonly NanoCpus?: number;
  /** In bytes, as `MemorySwap`, which counts memory and swap together. */
  readonly Memory?: number;
  readonly MemorySwap?: number;
  readonly ShmSize?: number;
  readonly DeviceRequests?: readonly {
    readonly Driver?: string;
    readonly Count: number;
    readonly Capabilities: readonly (readonly string[])[];
  }[];
  readonly StorageOpt?: Readonly<Record<string, string>>;
  readonly LogConfig?: { readonly Type: string; readonly Config?: Readonly<Record<string, string>> };
  readonly RestartPolicy?: { readonly Name: string; readonly MaximumRetryCount?: number };
}

export interface MountSettings {
  readonly Type: "bind" | "volume" | "tmpfs";
  readonly Source?: string;
  readonly Target: string;
  readonly ReadOnly?: boolean;
}

/** What is known of a container (Engine API, ContainerInspect), as far as it is used. */
export interface ContainerDetails {
  readonly Id: string;
  readonly Name: string;
  /** Id of its image, `sha256:…`. */
  readonly Image: string;
  /** How often its restart policy started it again. */
  readonly RestartCount: number;
  readonly State: {
    readonly Status: "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";
    readonly Running: boolean;
    readonly OOMKilled: boolean;
    readonly ExitCode: number;
    /** What kept it from starting; empty otherwise. */
    readonly Error: string;
    readonly StartedAt: string;
    readonly FinishedAt: string;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: {
    readonly Image: string;
    readonly Env: readonly string[] | null;
    readonly Labels: Readonly<Record<string, string>> | null;
  };
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>>;
    readonly Ports?: Readonly<Record<string, readonly { HostIp: string; HostPort: string }[] | null>>;
  };
}

export interface ContainerSummary {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly Image: string;
  readonly State: string;
  readonly Ports: readonly { readonly PrivatePort: number; readonly PublicPort?: number }[];
  readonly Labels: Readonly<Record<string, string>>;
}

/** Makes a container of this name and gives its id. */
export async function createContainer(
  docker: Docker,
  name: string,
  settings: ContainerSettings,
): Promise<string> {
  const { Id } = await docker.json<{ Id: string }>({
    method: "POST",
    path: "/containers/create",
    query: { name },
    json: settings,
    what: `create container "${name}" from image ${settings.Image}`,
  });
  return Id;
}

/** Nothing is done when it runs already. */
export function startContainer(docker: Docker, id: string): Promise<void> {
  return docker.send({
    method: "POST",
    path: `/containers/${id}/start`,
    what: `start container ${short(id)}`,
  });
}

/** Its output from now on, as `LogFrames` takes it apart. Ends with the container. */
export function attachContainer(docker: Docker, id: string, signal?: AbortSignal): Promise<IncomingMessage> {
  return docker.open({
    method: "POST",
    path: `/containers/${id}/attach`,
    query: { stream: 1, stdout: 1, stderr: 1 },
    signal,
    what: `attach to container ${short(id)}`,
  });
}

/** Its whole output so far and, when it follows, what comes until the container's end. */
export function containerLogs(
  docker: Docker,
  id: string,
  { follow = false, signal }: { readonly follow?: boolean; readonly signal?: AbortSignal } = {},
): Promise<IncomingMessage> {
  return docker.open({
    method: "GET",
    path: `/containers/${id}/logs`,
    query: { stdout: 1, stderr: 1, follow: follow ? 1 : 0 },
    signal,
    what: `read the log of container ${short(id)}`,
  });
}

/**
 * Waits for the end of a container: the first promise holds once the daemon listens for it, the second gives the exit
 * code. `next-exit` may be asked before the start.
 */
export async function waitForContainer(
  docker: Docker,
  id: string,
  {
    condition = "not-running",
    signal,
  }: { readonly condition?: "not-running" | "next-exit"; readonly signal?: AbortSignal } = {},
): Promise<{ readonly exit: Promise<number> }> {
  const call = { method: "POST", path: `/containers/${id}/wait`, query: { condition }, signal } as const;
  const answer = await docker.open({ ...call, what: `wait for container ${short(id)}` });
  const exit = docker.readJson<{ StatusCode: number }>(answer).then(
    ({ StatusCode }) => StatusCode,
    (error: unknown) => {
      // The connection that was ended says so in words of its own.
      signal?.throwIfAborted();
      throw error;
    },
  );
  return { exit };
}

/** undefined when there is none. */
export async function inspectContainer(docker: Docker, id: string): Promise<ContainerDetails | undefined> {
  return ifThere(
    docker.json<ContainerDetails>({
      method: "GET",
      path: `/containers/${id}/json`,
      what: `look at container ${short(id)}`,
    }),
  );
}

/** Those with all these labels (`name` or `name=value`), also those that have ended. */
export function listContainers(
  docker: Docker,
  labels: readonly string[],
): Promise<readonly ContainerSummary[]> {
  return docker.json({
    method: "GET",
    path: "/containers/json",
    query: { all: 1, filters: { label: labels } },
    what: "list containers",
  });
}

/** Sends a signal, such as `SIGTERM`. Nothing is done when it does not run. */
export async function killContainer(docker: Docker, id: string, signal: string): Promise<void> {
  const call = { method: "POST", path: `/containers/${id}/kill`, query: { signal } } as const;
  await docker.send({ ...call, what: `end container ${short(id)}` }).catch((error: unknown) => {
    if (!hasStatus(error, 404, 409)) throw error;
  });
}

/** Ends it by force and removes it with its own volumes. Nothing is done when it is gone or on its way. */
export async function removeContainer(docker: Docker, id: string): Promise<void> {
  const call = { method: "DELETE", path: `/containers/${id}`, query: { force: 1, v: 1 } } as const;
  await docker.send({ ...call, what: `remove container ${short(id)}` }).catch((error: unknown) => {
    if (!hasStatus(error, 404, 409)) throw error;
  });
}

async function ifThere<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

/** As the command line shows ids. A name is shown whole. */
function short(id: string): string {
  return /^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id;
}
