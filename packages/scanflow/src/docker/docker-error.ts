import { ScanflowError } from "@scanflow/core";

/** An error of a Docker daemon, or on the way to it. `status` is that of its answer, null when there was none. */
export class DockerError extends ScanflowError {
  readonly status: number | null;

  constructor(
    code: string,
    message: string,
    { status = null, cause }: { status?: number | null; cause?: unknown } = {},
  ) {
    super(code, message, { cause });
    this.status = status;
  }
}

/** Whether the daemon answered with one of these statuses. */
export function hasStatus(error: unknown, ...statuses: readonly number[]): boolean {
  return error instanceof DockerError && error.status !== null && statuses.includes(error.status);
}

interface Meaning {
  readonly said: RegExp;
  readonly code: string;
  readonly next: string;
}

/** What daemons say, from 20.10 to 28 (moby: daemon, distribution, libnetwork), and what helps. First match counts. */
const meanings: readonly Meaning[] = [
  {
    said: /non-overlapping IPv4 address pool|address pools have been fully subnetted/i,
    code: "SCANFLOW_DOCKER_FAILED",
    next: 'Remove networks that nobody uses ("docker network prune"), run fewer workflows at once, or give the daemon more addresses (default-address-pools).',
  },
  {
    said: /could not select device driver|nvidia-container-cli|unresolvable CDI devices/i,
    code: "SCANFLOW_DOCKER_FAILED",
    next: "Install the NVIDIA Container Toolkit on the machine of the daemon and restart the daemon, ask for no GPU (resources), or run where there is one.",
  },
  {
    said: /no space left on device|disk quota exceeded/i,
    code: "SCANFLOW_DOCKER_FULL",
    next: 'Make room on the disk of the Docker daemon, for example with "docker system df" and "docker image prune".',
  },
  {
    said: /port is already allocated|address already in use|ports are not available|failed to bind host port/i,
    code: "SCANFLOW_PORT_TAKEN",
    next: 'End what listens on that port ("docker ps" shows the ports of containers), or give another port.',
  },
  {
    said: /unauthorized|authentication required|no basic auth|access to the resource is denied|denied: |incorrect username or password/i,
    code: "SCANFLOW_DOCKER_DENIED",
    next: 'Log in to the registry with "docker login", or name an image that may be read.',
  },
  {
    said: /no such image|manifest (for .* )?(unknown|not found)|pull access denied|repository does not exist|failed to resolve reference|reference does not exist/i,
    code: "SCANFLOW_IMAGE_MISSING",
    next: "Correct the image's name, or build, load or pull it on the machine of the daemon.",
  },
];

/** The error for an answer of the daemon that is none of success. `what` was asked for, such as `create container x`. */
export function answerError(status: number | null, said: string, what: string): DockerError {
  const text = said.trim().replace(/\.$/, "") || `status ${status}`;
  const meaning = meanings.find((one) => one.said.test(text));
  if (meaning)
    return new DockerError(meaning.code, `Docker cannot ${what}: ${text}. ${meaning.next}`, { status });
  if (status === 401 || status === 403) {
    return new DockerError(
      "SCANFLOW_DOCKER_DENIED",
      `Docker does not let this user ${what}: ${text}. Ask whoever runs the daemon for the right to do so.`,
      { status },
    );
  }
  const next =
    status === 409
      ? 'Something of that name or in use is in the way: see "docker ps --all", and remove it or wait.'
      : "See what it says there, and the log of the Docker daemon.";
  return new DockerError("SCANFLOW_DOCKER_FAILED", `Docker cannot ${what}: ${text}. ${next}`, { status });
}

/** The error for a daemon that did not answer at all. */
export function connectionError(cause: unknown, endpoint: string): unknown {
  const code = codeOf(cause);
  if (code === undefined || !(cause instanceof Error)) return cause;
  if (code === "EACCES" || code === "EPERM") {
    return new DockerError(
      "SCANFLOW_DOCKER_DENIED",
      `This user may not speak to the Docker daemon at ${endpoint} (${code}). Add the user to the group that owns the socket ("sudo usermod -aG docker $USER", then log in again), or use rootless Docker.`,
      { cause },
    );
  }
  const tls = /CERT|TLS|SSL/.test(code);
  const next = tls
    ? "Correct the certificates in DOCKER_CERT_PATH, or the name under which the daemon is reached."
    : 'Start it ("sudo systemctl start docker"), correct DOCKER_HOST or DOCKER_CONTEXT, or run without containers: --on process.';
  return new DockerError(
    "SCANFLOW_DOCKER_UNREACHABLE",
    `The Docker daemon at ${endpoint} does not answer (${code}${tls ? `: ${cause.message}` : ""}). ${next}`,
    { cause },
  );
}

/** undefined for what is none of the network's: an end that the caller wanted, or an error of ours. */
function codeOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  // A signal's own time is up: its reason is the cause of what the request throws.
  if (cause.cause instanceof Error && cause.cause.name === "TimeoutError") return "no answer in time";
  if (cause.name === "AbortError" || !("code" in cause) || typeof cause.code !== "string") return undefined;
  return cause.code;
}
