import { ScanflowError } from "@scanflow/core";
import * as z from "zod";
import type { ClusterAccess } from "./access.ts";
import type { KubeRequest } from "./connection.ts";

const statusSchema = z.object({
  kind: z.literal("Status"),
  message: z.string().optional(),
  reason: z.string().optional(),
  details: z.object({ kind: z.string().optional(), name: z.string().optional() }).nullish(),
});

/** An answer of the API server that says no. `status` is HTTP's; `reason` is Kubernetes' word, such as `AlreadyExists`. */
export class KubeError extends ScanflowError {
  readonly status: number;
  readonly reason: string;
  /** How long the server asks to wait before the next try. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: string,
    message: string,
    about: { status: number; reason: string; retryAfterMs?: number },
  ) {
    super(code, message);
    this.status = about.status;
    this.reason = about.reason;
    this.retryAfterMs = about.retryAfterMs;
  }
}

/** Whether the object that was asked for is not there (or, of a watch, no longer known). */
export function isStatus(error: unknown, ...statuses: readonly number[]): error is KubeError {
  return error instanceof KubeError && statuses.includes(error.status);
}

/** Whether the same request may go well later: the server is busy, restarts, or could not be reached. */
export function isPassing(error: unknown): boolean {
  if (error instanceof KubeError) return error.status === 429 || error.status >= 500;
  return error instanceof ScanflowError && error.code === "SCANFLOW_KUBERNETES_UNREACHABLE";
}

interface Refusal {
  readonly status: number;
  readonly text: string;
  readonly request: KubeRequest;
  readonly access: ClusterAccess;
  readonly retryAfter: string | undefined;
}

export function statusError({ status, text, request, access, retryAfter }: Refusal): KubeError {
  const said = parseStatus(text);
  const reason = said.reason ?? "";
  const retryAfterMs = retryAfter && /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : undefined;
  const about = { status, reason, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  const what = (said.message ?? text.trim().slice(0, 300)) || `status ${status}`;
  const message = what.replace(/\.$/, "");
  const at = `cluster "${access.context}" (${access.server.origin})`;
  if (status === 401) {
    return new KubeError(
      "SCANFLOW_KUBERNETES_DENIED",
      `The ${at} does not know who asks: ${message}. Log in to it again, or choose another context with --context.`,
      about,
    );
  }
  const ending = status === 403 && /namespace (\S+) because it is being terminated/.exec(message)?.[1];
  if (ending) {
    return new KubeError(
      "SCANFLOW_KUBERNETES_NAMESPACE",
      `The namespace "${ending}" of ${at} is being deleted and takes nothing new. Wait until it is gone and make it again, or name another with --namespace.`,
      about,
    );
  }
  // A quota is told as "forbidden" too, and it is not a matter of rights.
  if (status === 403 && !/exceeded quota|limited to|violates PodSecurity/i.test(message)) {
    return new KubeError(
      "SCANFLOW_KUBERNETES_DENIED",
      `The ${at} does not allow it: ${message}. Have the rights granted that docs/guides/run-on-kubernetes.md lists, or choose another context or namespace.`,
      about,
    );
  }
  const namespace = namespaceMissing(status, said, message);
  if (namespace !== undefined) {
    return new KubeError(
      "SCANFLOW_KUBERNETES_NAMESPACE",
      `The ${at} has no namespace "${namespace}". Make it with "kubectl create namespace ${namespace}", or name another with --namespace.`,
      about,
    );
  }
  if ([400, 403, 409, 413, 422].includes(status)) {
    return new KubeError(
      "SCANFLOW_KUBERNETES_REFUSED",
      `The ${at} refuses what it was asked (${request.method} ${request.path}): ${message}. Change what the message names, then run again.`,
      about,
    );
  }
  return new KubeError(
    "SCANFLOW_KUBERNETES_FAILED",
    `The ${at} answered ${status} to ${request.method} ${request.path}: ${message}. Look at the state of the cluster, then run again.`,
    about,
  );
}

export function unreachableError(access: ClusterAccess, cause: unknown): ScanflowError {
  const what = cause instanceof AggregateError ? (cause.errors[0] ?? cause) : cause;
  const said = what instanceof Error ? what.message : String(what);
  return new ScanflowError(
    "SCANFLOW_KUBERNETES_UNREACHABLE",
    `The cluster "${access.context}" does not answer at ${access.server.origin} (${said}). Start it or connect to its network, or choose another context with --context.`,
    { cause },
  );
}

type Status = Partial<z.infer<typeof statusSchema>>;

function parseStatus(text: string): Status {
  try {
    return statusSchema.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

function namespaceMissing(status: number, { details }: Status, message: string): string | undefined {
  if (status !== 404) return undefined;
  if (details?.kind === "namespaces") return details.name ?? "";
  return /^namespaces "([^"]*)" not found/.exec(message)?.[1];
}
