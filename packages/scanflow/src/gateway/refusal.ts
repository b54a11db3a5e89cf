import { errorCode, ScanflowError } from "@scanflow/core";
import type { Refusal } from "../shim/protocol.ts";

/** Statuses of the codes that say what the other side did wrong; all others are 500. */
const statuses: Readonly<Record<string, number>> = {
  SCANFLOW_GATEWAY_TOKEN: 401,
  SCANFLOW_GATEWAY_FORBIDDEN: 403,
  SCANFLOW_ATTEMPT_REVOKED: 410,
  SCANFLOW_GATEWAY_REQUEST: 400,
  SCANFLOW_TRACKER_UNREACHABLE: 502,
  SCANFLOW_STORAGE_FULL: 507,
};

/** How an error is told to a container: its code and sentence where it is one of ours, else nothing of the inside. */
export function refusalOf(error: unknown): { status: number; body: Refusal } {
  const code = errorCode(error);
  if (code !== undefined && error instanceof Error) {
    return { status: statuses[code] ?? 500, body: { error_code: code, message: error.message } };
  }
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  if (status >= 400 && status < 500) {
    const message = `${error instanceof Error ? error.message : "The request cannot be read"}. Send what the protocol says.`;
    return { status, body: { error_code: "SCANFLOW_GATEWAY_REQUEST", message } };
  }
  const message = "The gateway failed. Look at the log of the process that runs Scanflow.";
  return { status: 500, body: { error_code: "SCANFLOW_INTERNAL", message } };
}

export function tokenError(): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_GATEWAY_TOKEN",
    "The token is missing or unknown. Send the one in SCANFLOW_GATEWAY_TOKEN (or MLFLOW_TRACKING_TOKEN) as a bearer token; those of an owner that has ended are not valid any more.",
  );
}

export function revokedError(): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_ATTEMPT_REVOKED",
    "This attempt is over: it was cancelled, taken for lost, or has answered already. Nothing of it is taken any more; end what runs of it.",
  );
}

export function forbidden(what: string): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_GATEWAY_FORBIDDEN",
    `${what}. An attempt may use its own run, runs that it begins below that, its experiment to read, and the models that it registers; do everything else from outside, with the tracker's own address.`,
  );
}

export function requestError(what: string): ScanflowError {
  return new ScanflowError("SCANFLOW_GATEWAY_REQUEST", `${what}. Send what the protocol says.`);
}
