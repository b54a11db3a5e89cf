/** What a request is refused with, as HTTP says it and as Kubernetes does. */
export class Refusal extends Error {
  readonly status: number;
  readonly reason: string;
  readonly details: Record<string, unknown>;

  constructor(status: number, reason: string, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.details = details;
  }
}

/** As a document of Kubernetes. */
export function statusOf({ status, reason, message, details }: Refusal): Record<string, unknown> {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason,
    details,
    code: status,
  };
}
