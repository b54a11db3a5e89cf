import { TransferError } from "../errors.ts";
import type { ServerAddress } from "./server-url.ts";

const importAgain = "What was taken over before stays; import again, and it goes on from there.";

/** It could not even be asked. */
export function unreachable({ url, goOn = importAgain }: ServerAddress, cause: unknown): TransferError {
  return failed(
    `The tracking server at ${url} does not answer (${reasonOf(cause)}). Start it, or correct the URL. ${goOn}`,
    cause,
  );
}

export function brokenOff(
  { url, goOn = importAgain }: ServerAddress,
  path: string,
  cause: unknown,
): TransferError {
  return failed(
    `The tracking server at ${url} broke off its answer to ${path} (${reasonOf(cause)}). See whether it still runs. ${goOn}`,
    cause,
  );
}

export function answersWrong(
  { url, goOn = importAgain }: ServerAddress,
  path: string,
  what: string,
  cause?: unknown,
): TransferError {
  return failed(
    `${url} answered ${path} with ${what}. Name the address that clients take as MLFLOW_TRACKING_URI, of MLflow 2.14 to 3.x or Scanflow. ${goOn}`,
    cause,
  );
}

interface Refusal {
  readonly status: number;
  readonly text: string;
  readonly location?: string | null;
}

/** An answer that is none. */
export function refusedBy(
  address: ServerAddress,
  path: string,
  { status, text, location }: Refusal,
): TransferError {
  const { url, authorization, goOn = importAgain } = address;
  if (status === 401 || status === 403) {
    const unknown = authorization === undefined ? "asks who you are" : "does not take this token or password";
    const why = status === 401 ? unknown : "does not let this user read everything";
    return new TransferError(
      "SCANFLOW_TRANSFER_DENIED",
      `The tracking server at ${url} ${why} (${status} for ${path}). Set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, to those of a user who may read all of it. ${goOn}`,
    );
  }
  if (status >= 300 && status < 400) {
    return answersWrong(address, path, `a redirect to ${location ?? "another place"}`);
  }
  if (status === 404) return answersWrong(address, path, "404, as a server that has no such thing");
  const said = messageOf(text);
  return failed(
    `The tracking server at ${url} answered ${path} with ${status}${said === "" ? "" : `: ${said}`}. ${status < 500 ? "Set that right." : "See its log, and set it right."} ${goOn}`,
  );
}

function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === "string") return message.slice(0, 300).replace(/[\s.]+$/, "");
  } catch {
    // It is no JSON.
  }
  return "";
}

function failed(message: string, cause?: unknown): TransferError {
  return new TransferError("SCANFLOW_TRANSFER_SERVER", message, { cause });
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.cause instanceof Error && cause.cause.message !== "") return cause.cause.message;
  return cause.message;
}
