import type { Agent, IncomingMessage, RequestOptions } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { protocolPath, type Refusal } from "./protocol.ts";

export interface GatewayAddress {
  readonly url: string;
  readonly token: string;
}

/** What is sent; a body that can be read only once is given as a function, so that it can be sent again. */
export interface Sent {
  readonly method: "GET" | "POST" | "PUT";
  readonly body?: Buffer | (() => AsyncIterable<Uint8Array>);
  readonly type?: string;
  /** Ends waiting and trying. */
  readonly signal?: AbortSignal;
}

/** What the token stood for is no longer ours to do. */
export class Fenced extends Error {}

/** The gateway does not know the token, or not yet. */
export class Unknown extends Fenced {}

/** The gateway was asked for something that it refuses. */
export class Refused extends Error {}

/** How long a gateway that cannot be reached is tried again before the shim gives up: its owner may be started anew. */
const patienceMs = 600_000;
/** How long a token that was known may be unknown: an owner that is started anew takes its attempts up one by one. */
const unknownMs = 60_000;
const longestPauseMs = 2000;

/** Speaks to the gateway over connections that stay open, and again when one breaks. */
export class GatewayClient {
  readonly #url: URL;
  readonly #token: string;
  readonly #patienceMs: number;
  /** Whether the token is one attempt's, which an owner that is started anew may not know yet; not that of all workers. */
  readonly #isOfAttempt: boolean;
  #opened: { readonly request: typeof import("node:http").request; readonly agent: Agent } | undefined;

  constructor({ url, token }: GatewayAddress, { patience = patienceMs, isOfAttempt = false } = {}) {
    this.#url = new URL(url);
    this.#token = token;
    this.#patienceMs = patience;
    this.#isOfAttempt = isOfAttempt;
  }

  /** The same gateway with a token that it gave. */
  as(token: string): GatewayClient {
    const options = { patience: this.#patienceMs, isOfAttempt: true };
    const other = new GatewayClient({ url: this.#url.href, token }, options);
    other.#opened = this.#open();
    return other;
  }

  /** Asks with JSON and gives the JSON that is answered. */
  async post<Answer>(path: string, body: unknown, signal?: AbortSignal): Promise<Answer> {
    return this.send<Answer>(path, {
      method: "POST",
      body: Buffer.from(JSON.stringify(body)),
      type: "application/json",
      ...(signal && { signal }),
    });
  }

  /** Sends and gives the JSON that is answered. Throws `Fenced` and `Refused`. */
  async send<Answer>(path: string, sent: Sent): Promise<Answer> {
    return this.#patiently(sent.signal, async () => {
      const answer = await this.#once(path, sent);
      const text = await textOf(answer);
      return JSON.parse(text) as Answer;
    });
  }

  /** Downloads; `read` may be called again with a new stream where the one before broke. */
  async download<Value>(path: string, read: (content: IncomingMessage) => Promise<Value>): Promise<Value> {
    return this.#patiently(undefined, async () => {
      const answer = await this.#once(path, { method: "GET" });
      try {
        return await read(answer);
      } finally {
        answer.destroy();
      }
    });
  }

  async close(): Promise<void> {
    this.#opened?.agent.destroy();
  }

  async #patiently<Value>(signal: AbortSignal | undefined, attempt: () => Promise<Value>): Promise<Value> {
    const deadline = Date.now() + this.#patienceMs;
    const unknownUntil = Date.now() + (this.#isOfAttempt ? Math.min(unknownMs, this.#patienceMs) : 0);
    for (let pauseMs = 100; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        return await attempt();
      } catch (error) {
        const until = error instanceof Unknown ? unknownUntil : isTransient(error) ? deadline : 0;
        if (signal?.aborted || Date.now() > until) throw error;
      }
      // So that many that lost the same gateway do not come back at the same moment.
      await wait(pauseMs * (0.5 + Math.random()), undefined, signal && { signal });
    }
  }

  async #once(path: string, { method, body, type, signal }: Sent): Promise<IncomingMessage> {
    const { request, agent } = this.#open();
    const options: RequestOptions = {
      method,
      agent,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(type && { "content-type": type }),
        ...(Buffer.isBuffer(body) && { "content-length": body.length }),
      },
      ...(signal && { signal }),
    };
    const base = this.#url.href.replace(/\/$/, "");
    const answered = Promise.withResolvers<IncomingMessage>();
    const sending = request(`${base}${protocolPath}${path}`, options, answered.resolve);
    sending.on("error", answered.reject);
    sending.setNoDelay(true);
    if (typeof body === "function") {
      pipe(body(), sending).catch((error) => sending.destroy(error));
    } else sending.end(body);
    const answer = await answered.promise;
    if ((answer.statusCode ?? 500) < 300) return answer;
    throw await refusalOf(answer);
  }

  /** Node's client is loaded when it is first needed. */
  #open() {
    this.#opened ??= (() => {
      // An `import` would make all that it exports, with HTTP/2 and `fetch`: ten times as long.
      const http = process.getBuiltinModule(this.#url.protocol === "https:" ? "node:https" : "node:http");
      return { request: http.request, agent: new http.Agent({ keepAlive: true, maxSockets: 16 }) };
    })();
    return this.#opened;
  }
}

async function pipe(source: AsyncIterable<Uint8Array>, sink: NodeJS.WritableStream): Promise<void> {
  const { pipeline } = await import("node:stream/promises");
  await pipeline(source, sink);
}

/** What was answered in place of what was asked for. */
async function refusalOf(answer: IncomingMessage): Promise<Error> {
  const status = answer.statusCode ?? 500;
  const text = await textOf(answer);
  const { message } = readRefusal(text);
  if (status === 401) return new Unknown(message);
  if (status === 410) return new Fenced(message);
  if (status >= 500) return new Unreachable(message);
  return new Refused(message);
}

class Unreachable extends Error {}

function readRefusal(text: string): Pick<Refusal, "message"> {
  try {
    const { message }: Partial<Refusal> = JSON.parse(text);
    if (typeof message === "string") return { message };
  } catch {
    // A proxy on the way answers with pages of its own.
  }
  return { message: text.slice(0, 1000) };
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of answer) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}

const transientCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ERR_STREAM_PREMATURE_CLOSE",
]);

function isTransient(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return transientCodes.has(code);
}
