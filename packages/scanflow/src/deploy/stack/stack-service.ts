/** What is written of a service of a stack (docs.docker.com/reference/compose-file/legacy-versions). */
export interface StackService {
  readonly image: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly user?: string;
  readonly working_dir?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly { readonly source: string; readonly target: string }[];
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
  readonly volumes?: readonly StackMount[];
  readonly networks: readonly string[];
  readonly ports?: readonly StackPort[];
  readonly healthcheck?: StackHealthcheck;
  readonly stop_grace_period?: string;
  readonly deploy: StackDeploy;
}

export type StackMount =
  | { readonly type: "bind"; readonly source: string; readonly target: string; readonly read_only?: boolean }
  | { readonly type: "volume"; readonly source: string; readonly target: string }
  | { readonly type: "tmpfs"; readonly target: string };

export interface StackPort {
  readonly target: number;
  readonly published: number;
  readonly protocol: "tcp";
  /** `host`: on the node that the service runs on; `ingress`: on every node. */
  readonly mode: "host" | "ingress";
}

export interface StackHealthcheck {
  readonly test: readonly string[];
  readonly interval: string;
  readonly timeout: string;
  readonly retries: number;
  readonly start_period: string;
}

export interface StackDeploy {
  readonly mode: "replicated";
  readonly replicas: number;
  readonly endpoint_mode?: "dnsrr" | "vip";
  readonly labels: Readonly<Record<string, string>>;
  readonly update_config?: Readonly<Record<string, unknown>>;
  readonly rollback_config?: Readonly<Record<string, unknown>>;
  readonly restart_policy: Readonly<Record<string, unknown>>;
  readonly placement?: { readonly constraints: readonly string[] };
  readonly resources?: Readonly<Record<string, unknown>>;
}

/** A file that Swarm keeps and puts into containers; its name has the digest of its text, since it cannot be changed. */
export interface StackConfig {
  readonly name: string;
  readonly file: string;
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: Docker puts the value in.
/** The folder of the application, as whoever deploys the file says. */
export const applicationFolder = "${SCANFLOW_APP:?say where the folder of the application is}";

/** Docker's socket on the managers. */
export const dockerSocket = "${SCANFLOW_DOCKER_SOCKET:-/var/run/docker.sock}";
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: see above

export const appMount: StackMount = {
  type: "bind",
  source: applicationFolder,
  target: "/app",
  read_only: true,
};

/** What the engine and the trackers keep, on the node that they run on. */
export const stateMount: StackMount = { type: "volume", source: "state", target: "/state" };

/** A text as it stands in a stack file, where `$` begins a variable. */
export function literal(text: string): string {
  return text.replaceAll("$", "$$$$");
}

export function literals(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([name, text]) => [name, literal(text)]));
}

/**
 * Such a text where Swarm reads templates of Go's as well, which is in variables and mounts (docs.docker.com, "docker
 * service create"): one that it cannot carry out keeps the container from starting.
 */
export function untemplated(text: string): string {
  return literal(text).replaceAll("{{", '{{"{{"}}');
}

/** Labels by which what was deployed is found and removed. */
export function labelsFor(application: string, workflow: string): Record<string, string> {
  return literals({ "org.scanflow.application": application, "org.scanflow.workflow": workflow });
}
