import { TrackingServerError } from "./errors.ts";

/** Without a name and a password. */
export function shownUrl(text: string): string {
  const url = URL.parse(text);
  if (!url) return text;
  url.username = "";
  url.password = "";
  return url.href.replace(/\/+$/, "");
}

export function parseAnswer(body: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(body) as Readonly<Record<string, unknown>>;
  } catch {
    // It is no tracker of Scanflow: told by the status, as an answer without a code.
    return {};
  }
}

/** The error of an answer other than 200: that of the tracker, or what is to be done about what is no tracker. */
export function codedAnswer(
  url: string,
  status: number,
  { code, error_code, message }: Readonly<Record<string, unknown>>,
): Error {
  if (typeof code === "string") return Object.assign(new Error(String(message)), { code });
  if (status === 404 || error_code === undefined) {
    return new TrackingServerError(
      "SCANFLOW_SERVER_UNREACHABLE",
      `What answers at ${url} (status ${status}) is no tracker of Scanflow that stands for itself. Look at the URL.`,
    );
  }
  if (status !== 401 && status !== 403) {
    return new TrackingServerError(
      "SCANFLOW_SERVER_UNREACHABLE",
      `The tracker at ${url} answered with ${status} (${message}). See what it wrote, and try again.`,
    );
  }
  const denied = status === 401 ? "SCANFLOW_TRACKING_UNAUTHENTICATED" : "SCANFLOW_TRACKING_DENIED";
  return Object.assign(new Error(String(message)), { code: denied });
}
