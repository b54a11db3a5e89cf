import type { Agent, IncomingMessage, OutgoingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import { ScanflowError } from "@scanflow/core";

/** What is asked of a tracker on behalf of an attempt. */
export interface UpstreamRequest {
  /** The tracker's own address, and the owner's token for it. */
  readonly tracker: { readonly uri: string; readonly token: string | undefined };
  readonly method: string;
  /** From the first slash on, encoded. */
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body?: Buffer | Readable;
  /** Whoever asked has gone. */
  readonly signal: AbortSignal;
}

let agent: Agent | undefined;

/** Asks a tracker. Errors: SCANFLOW_TRACKER_UNREACHABLE. */
export async function askTracker(asked: UpstreamRequest): Promise<IncomingMessage> {
  const { tracker, method, path, body, signal } = asked;
  const url = new URL(tracker.uri);
  const { token } = tracker;
  const headers = { ...asked.headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
  const http = url.protocol === "https:" ? await import("node:https") : await import("node:http");
  if (url.protocol === "http:") agent ??= new http.Agent({ keepAlive: true });
  const answered = Promise.withResolvers<IncomingMessage>();
  const sending = http.request(
    `${url.origin}${url.pathname.replace(/\/$/, "")}${path}`,
    { method, headers, ...(url.protocol === "http:" && agent && { agent }), signal },
    answered.resolve,
  );
  sending.on("error", (cause) =>
    answered.reject(
      new ScanflowError(
        "SCANFLOW_TRACKER_UNREACHABLE",
        `The tracker does not answer (${cause.message}). See whether it is up, and try again.`,
        { cause },
      ),
    ),
  );
  if (body === undefined || Buffer.isBuffer(body)) sending.end(body);
  else {
    body.on("error", (error) => sending.destroy(error));
    body.on("close", () => {
      if (!body.readableEnded) sending.destroy(new Error("who sent it has gone"));
    });
    body.pipe(sending);
  }
  return answered.promise;
}
