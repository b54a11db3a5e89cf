import { createHmac } from "node:crypto";
import type { IncomingMessage, RequestOptions } from "node:http";
import { type Address, ForbiddenAddress, type Reach, resolveAddress } from "./address.ts";

export interface Delivery {
  readonly deliveryId: string;
  readonly url: string;
  readonly secret: string | undefined;
  readonly body: string;
}

/** What became of one attempt. */
export type Outcome =
  | {
      readonly kind: "answered";
      readonly status: number;
      /** The beginning of it. */
      readonly body: string;
      readonly retryAfter: string | undefined;
    }
  /** Nothing may be sent there, now or later. */
  | { readonly kind: "forbidden"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

export interface Sending {
  readonly reach: Reach;
  /** For all of it: name, connection, request, answer. */
  readonly timeoutMs: number;
  readonly nowMs: number;
  readonly signal?: AbortSignal;
}

const mostAnswerBytes = 16 * 1024;

/** Posts one delivery once. It follows no redirect, asks no proxy, and never throws. */
export async function send(delivery: Delivery, sending: Sending): Promise<Outcome> {
  const { reach, timeoutMs, signal } = sending;
  const deadline = AbortSignal.timeout(timeoutMs);
  const ended = signal ? AbortSignal.any([signal, deadline]) : deadline;
  try {
    const url = new URL(delivery.url);
    const address = await orAborted(resolveAddress(url, reach), ended);
    return await post(url, {
      address,
      signal: ended,
      body: delivery.body,
      headers: headersOf(delivery, sending),
    });
  } catch (error) {
    if (error instanceof ForbiddenAddress) return { kind: "forbidden", reason: error.message };
    if (deadline.aborted) return { kind: "failed", reason: `No answer within ${timeoutMs} ms.` };
    return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}

/** The scheme of MLflow's webhooks, after standardwebhooks.com: what is signed is `id.timestamp.body`. */
export function signature(secret: string, signed: { id: string; timestamp: string; body: string }): string {
  const { id, timestamp, body } = signed;
  const digest = createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`).digest("base64");
  return `v1,${digest}`;
}

function headersOf({ deliveryId, secret, body }: Delivery, { nowMs }: Sending): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000));
  return {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    "x-mlflow-delivery-id": deliveryId,
    "x-mlflow-timestamp": timestamp,
    ...(secret ? { "x-mlflow-signature": signature(secret, { id: deliveryId, timestamp, body }) } : {}),
  };
}

interface Post {
  readonly address: Address;
  readonly signal: AbortSignal;
  readonly body: string;
  readonly headers: Record<string, string>;
}

async function post(url: URL, { address, signal, body, headers }: Post): Promise<Outcome> {
  // Imported by an ES module, `node:http` also loads `fetch`: 14 MB that few processes ever need.
  const { request: start } =
    url.protocol === "https:" ? await import("node:https") : await import("node:http");

  const pinned: RequestOptions["lookup"] = (_name, options, found) => {
    if (options.all) found(null, [address]);
    else found(null, address.address, address.family);
  };
  return new Promise((resolve, reject) => {
    const options = { method: "POST", headers, signal, lookup: pinned, agent: false as const };
    const request = start(url, options, (response) => {
      readStart(response).then((text) => {
        const { statusCode: status = 0 } = response;
        resolve({ kind: "answered", status, body: text, retryAfter: response.headers["retry-after"] });
      }, reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

async function readStart(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size >= mostAnswerBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, mostAnswerBytes).toString();
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
