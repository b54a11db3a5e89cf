import type { Agent, ClientRequest, IncomingMessage } from "node:http";
import { nodeHttp, nodeHttps } from "../node-http.ts";
import type { ClusterAccess } from "./access.ts";
import { statusError, unreachableError } from "./api-error.ts";

export interface KubeRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Path below the server, such as `/api/v1/namespaces/default/pods`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** Of the body; default `application/json`. */
  readonly type?: string;
  readonly signal?: AbortSignal;
  /** Longest silence of the server before and within the answer. */
  readonly idleMs?: number;
}

const usualIdleMs = 30_000;

/** Requests to one API server, as whom the access says. Connections are kept and used again. */
export class Connection {
  readonly access: ClusterAccess;
  readonly #agents = new Set<Agent>();

  constructor(access: ClusterAccess) {
    this.access = access;
  }

  /**
   * The answer once its head is there, whatever its status is below 300. Throws `SCANFLOW_KUBERNETES_…` for every other
   * status and when the server cannot be reached. A refused credential is made anew once.
   */
  async send(request: KubeRequest): Promise<IncomingMessage> {
    const first = await this.#once(request);
    if (first.statusCode !== 401) return this.#taken(request, first);
    first.resume();
    await this.access.renew();
    return this.#taken(request, await this.#once(request));
  }

  /** The whole answer as text. Throws as `send` does, also when the connection breaks within the answer. */
  async text(request: KubeRequest): Promise<string> {
    const answer = await this.send(request);
    try {
      return await readText(answer);
    } catch (cause) {
      if (request.signal?.aborted) throw request.signal.reason;
      throw unreachableError(this.access, cause);
    }
  }

  close(): void {
    for (const agent of this.#agents) agent.destroy();
    this.#agents.clear();
  }

  async #taken(request: KubeRequest, answer: IncomingMessage): Promise<IncomingMessage> {
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return answer;
    const text = await readText(answer).catch(() => "");
    throw statusError({
      status,
      text,
      request,
      access: this.access,
      retryAfter: answer.headers["retry-after"],
    });
  }

  async #once(request: KubeRequest): Promise<IncomingMessage> {
    const { access } = this;
    const given = await access.options();
    if (given.agent) this.#agents.add(given.agent as Agent);
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const options = {
      ...given,
      method: request.method,
      headers: {
        accept: "application/json",
        "user-agent": "scanflow",
        ...(body !== undefined && {
          "content-type": request.type ?? "application/json",
          "content-length": Buffer.byteLength(body),
        }),
        ...given.headers,
      },
      ...(request.signal && { signal: request.signal }),
    };
    const url = urlOf(access.server, request);
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const start = url.protocol === "https:" ? nodeHttps().request : nodeHttp.request;
    const sent: ClientRequest = start(url, options);
    sent.setTimeout(request.idleMs ?? usualIdleMs, () => {
      sent.destroy(new Error(`no answer for ${request.idleMs ?? usualIdleMs} ms`));
    });
    sent.on("response", resolve);
    sent.on("error", reject);
    sent.end(body);
    try {
      return await promise;
    } catch (cause) {
      if (request.signal?.aborted) throw request.signal.reason;
      throw unreachableError(access, cause);
    }
  }
}

/** A path on the server, which may itself lie below a path (behind a proxy of clusters). */
function urlOf(server: URL, { path, query = {} }: KubeRequest): URL {
  const url = new URL(server);
  url.pathname = `${server.pathname.replace(/\/$/, "")}${path}`;
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
