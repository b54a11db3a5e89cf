import type { RequestOptions } from "node:https";
import { isIP } from "node:net";
import type { KubeConfig } from "@kubernetes/client-node";
import { ScanflowError } from "@scanflow/core";
import { configError, readKubeConfig } from "./kube-config.ts";

type Cluster = KubeConfig["clusters"][number];
type User = KubeConfig["users"][number];

/** How a cluster is reached, and as whom. */
export interface ClusterAccess {
  /** Base URL of the API server. */
  readonly server: URL;
  /** The namespace that is meant when none is named. */
  readonly namespace: string;
  /** The context's name, for messages. */
  readonly context: string;
  /** Certificates, headers and connections for one request. Throws `SCANFLOW_KUBERNETES_DENIED`. */
  options(): Promise<RequestOptions>;
  /** The server refused the last credential: the next one is made anew. */
  renew(): Promise<void>;
}

export interface AccessOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Name of a context of the kubeconfig; absent: its current one. */
  readonly context?: string | undefined;
}

/** Finds the cluster as kubectl does, and asks it nothing. Throws `SCANFLOW_KUBERNETES_CONFIG` and `…_MISSING`. */
export async function findAccess({ environment, context: named }: AccessOptions): Promise<ClusterAccess> {
  let config = await prepared();
  const { context, cluster, user } = partsOf(config);
  const server = serverUrl(cluster);
  return {
    server,
    namespace: context.namespace?.trim() || "default",
    context: context.name,
    async options() {
      const options: RequestOptions = {};
      await config.applyToHTTPSOptions(options).catch((cause: unknown) => {
        throw credentialError(user, cause);
      });
      return options;
    },
    async renew() {
      config = await prepared();
    },
  };

  async function prepared(): Promise<KubeConfig> {
    const read = await readKubeConfig(environment);
    if (named !== undefined) read.setCurrentContext(named);
    const parts = partsOf(read);
    read.clusters = [allowed(parts.cluster)];
    if (parts.user) read.users = [informed(parts.user)];
    return read;
  }
}

interface Parts {
  readonly context: KubeConfig["contexts"][number];
  readonly cluster: Cluster;
  readonly user: User | undefined;
}

function partsOf(config: KubeConfig): Parts {
  const name = config.currentContext;
  const known = config.contexts.map((context) => context.name).join(", ") || "none";
  if (!name) throw configError(`The kubeconfig has no current context. Choose one with --context: ${known}.`);
  const context = config.contexts.find((part) => part.name === name);
  if (!context) {
    throw configError(
      `The kubeconfig has no context "${name}". Choose one of these with --context: ${known}.`,
    );
  }
  const cluster = config.clusters.find((part) => part.name === context.cluster);
  const user = config.users.find((part) => part.name === context.user);
  const missing = cluster
    ? context.user && !user
      ? `user "${context.user}"`
      : ""
    : `cluster "${context.cluster}"`;
  if (!cluster || missing) {
    throw configError(
      `Context "${name}" names the ${missing}, which is not in the kubeconfig. Add it, or choose another context with --context: ${known}.`,
    );
  }
  return { context, cluster, user };
}

function serverUrl({ name, server }: Cluster): URL {
  const url = URL.parse(server);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw configError(
      `Cluster "${name}" of the kubeconfig has the server "${server}", which is no http or https URL. Correct it.`,
    );
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw configError(
      `Cluster "${name}" of the kubeconfig is reached at ${server} without encryption. Give it an https URL; http is taken on this machine only, as of "kubectl proxy".`,
    );
  }
  return url;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || (isIP(host) === 4 && host.startsWith("127."));
}

/** The library wants certificates to be skipped by name where there are none to check. */
function allowed(cluster: Cluster): Cluster {
  return cluster.server.startsWith("http:") ? { ...cluster, skipTLSVerify: true } : cluster;
}

/** Credential plug-ins are promised this variable (client-go); the library does not set it. */
function informed(user: User): User {
  if (!user.exec) return user;
  const info = {
    kind: "ExecCredential",
    apiVersion: user.exec.apiVersion,
    spec: { interactive: false },
  };
  const env = [...(user.exec.env ?? []), { name: "KUBERNETES_EXEC_INFO", value: JSON.stringify(info) }];
  return { ...user, exec: { ...user.exec, env } };
}

function credentialError(user: User | undefined, cause: unknown): ScanflowError {
  const { command, installHint } = user?.exec ?? {};
  const what =
    cause instanceof Error ? cause.message.trim().split("\n").slice(0, 3).join(" ") : String(cause);
  const said = what.replace(/\.$/, "") || "it said nothing";
  return new ScanflowError(
    "SCANFLOW_KUBERNETES_DENIED",
    command
      ? `The program "${command}", which the kubeconfig names for credentials, gave none: ${said}. ${installHint?.trim() || "Run it by hand to see why, log in again if it says so, then run again."}`
      : `The credentials of user "${user?.name ?? ""}" of the kubeconfig cannot be used: ${said}. Correct them, or choose another context with --context.`,
    { cause },
  );
}
