import type { Agent, IncomingMessage, RequestOptions } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { nodeHttp, nodeHttps } from "../node-http.ts";
import { connectionError } from "./docker-error.ts";
import { type Endpoint, endpointText } from "./endpoint.ts";

/** One request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes that are sent whole, or a stream that is sent as it comes. */
  readonly body?: string | Readable | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Speaks HTTP with a daemon, over connections that are kept open between requests. */
export class Connection {
  readonly endpoint: Endpoint;
  readonly #agent: Agent;
  readonly #request: typeof nodeHttp.request;
  readonly #target: RequestOptions;

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint;
    const agent = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 32 };
    if (endpoint.kind === "socket") {
      this.#agent = new nodeHttp.Agent(agent);
      this.#request = nodeHttp.request;
      this.#target = { socketPath: endpoint.path, headers: { Host: "docker" } };
      return;
    }
    const { host, port, tls } = endpoint;
    const secure = tls && { ca: tls.ca, cert: tls.cert, key: tls.key, rejectUnauthorized: tls.verify };
    this.#agent = secure ? new (nodeHttps().Agent)({ ...agent, ...secure }) : new nodeHttp.Agent(agent);
    this.#request = secure ? nodeHttps().request : nodeHttp.request;
    this.#target = { host, port, ...secure };
  }

  /**
   * Gives the answer as soon as its head is there; whoever asked reads its body. Errors: SCANFLOW_DOCKER_UNREACHABLE,
   * SCANFLOW_DOCKER_DENIED.
   */
  async send(wire: WireRequest): Promise<IncomingMessage> {
    try {
      return await this.#once(wire);
    } catch (error) {
      if (error instanceof StaleConnection && (typeof wire.body === "string" || wire.body === undefined)) {
        return this.send(wire);
      }
      const cause = error instanceof StaleConnection ? error.cause : error;
      throw connectionError(cause, endpointText(this.endpoint));
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #once({ method, path, headers, body, signal }: WireRequest): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const sent = this.#request(
      {
        ...this.#target,
        agent: this.#agent,
        method,
        path,
        headers: { ...this.#target.headers, ...headers } as Record<string, string>,
        ...(signal && { signal }),
      },
      resolve,
    );
    sent.on("error", (cause) => {
      // A connection that was kept may have been closed at the other end just now.
      const stale =
        sent.reusedSocket && "code" in cause && (cause.code === "ECONNRESET" || cause.code === "EPIPE");
      reject(stale ? new StaleConnection(cause) : cause);
    });
    if (typeof body === "string" || body === undefined) sent.end(body);
    // What goes wrong with the body also ends the request, which is where it is heard of.
    else pipeline(body, sent).catch((error: unknown) => reject(error));
    return promise;
  }
}

class StaleConnection extends Error {
  constructor(cause: unknown) {
    super("a kept connection was closed", { cause });
  }
}
