import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { Connection } from "./connection.ts";
import { answerError, connectionError, DockerError } from "./docker-error.ts";
import { type Endpoint, endpointText, findEndpoint } from "./endpoint.ts";
import { agreeOnVersion } from "./version.ts";

/** One call of the Engine API (docs.docker.com/reference/api/engine). */
export interface DockerCall {
  readonly method: "GET" | "POST" | "PUT" | "DELETE" | "HEAD";
  /** Below the version, such as `/containers/json`; names in it are encoded already. */
  readonly path: string;
  /** Left out where undefined; a list is sent as several values, an object as JSON, as the API wants them. */
  readonly query?: Readonly<Record<string, unknown>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it comes, such as a tar archive. */
  readonly body?: Readable;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** What it does, for errors, such as `create container "x"`. */
  readonly what: string;
}

/** A daemon that has not answered a ping for so long is taken for dead. */
const patienceMs = 20_000;

export interface DockerOptions {
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * A Docker daemon, over its Engine API. Calls that are used have functions of their own in this room; any other goes
 * through `json`, `send` or `open`. Errors of all: SCANFLOW_DOCKER_UNREACHABLE, SCANFLOW_DOCKER_DENIED,
 * SCANFLOW_DOCKER_FULL, SCANFLOW_IMAGE_MISSING, SCANFLOW_PORT_TAKEN, SCANFLOW_DOCKER_FAILED.
 */
export class Docker {
  readonly endpoint: Endpoint;
  /** The version of the API that both sides speak, such as `1.41`. */
  readonly apiVersion: string;
  readonly #connection: Connection;

  private constructor(connection: Connection, apiVersion: string) {
    this.#connection = connection;
    this.endpoint = connection.endpoint;
    this.apiVersion = apiVersion;
  }

  /** Connects to the daemon that the environment names, as the Docker command line would. */
  static async open({ env = process.env }: DockerOptions = {}): Promise<Docker> {
    const endpoint = findEndpoint(env);
    const connection = new Connection(endpoint);
    try {
      const signal = AbortSignal.timeout(patienceMs);
      const answer = await connection.send({ method: "GET", path: "/_ping", headers: {}, signal });
      const said = await text(answer);
      if (answer.statusCode !== 200) throw answerError(answer.statusCode ?? null, said, "answer a ping");
      const version = agreeOnVersion(answer.headers["api-version"], endpointText(endpoint));
      return new Docker(connection, version);
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** A call whose answer is one JSON value. */
  async json<Answer>(call: DockerCall): Promise<Answer> {
    return this.readJson(await this.open(call));
  }

  /** The one JSON value that an answer holds; the connection may break while it is waited for. */
  async readJson<Answer>(answer: IncomingMessage): Promise<Answer> {
    const place = endpointText(this.endpoint);
    const said = await text(answer).catch((error: unknown) => {
      throw connectionError(error, place);
    });
    try {
      return JSON.parse(said) as Answer;
    } catch (cause) {
      throw new DockerError(
        "SCANFLOW_DOCKER_FAILED",
        `What answers at ${place} sends what is no JSON: ${said.slice(0, 200)}. See whether it is a Docker daemon.`,
        { cause },
      );
    }
  }

  /** A call whose answer says no more than that it is done. */
  async send(call: DockerCall): Promise<void> {
    const answer = await this.open(call);
    answer.resume();
    // Read to its end, so that the connection can take the next call.
    if (!answer.complete) await new Promise((resolve) => answer.once("close", resolve));
  }

  /** A call whose answer is read as it comes. */
  async open(call: DockerCall): Promise<IncomingMessage> {
    const { method, path, query = {}, json, body, headers = {}, signal, what } = call;
    const answer = await this.#connection.send({
      method,
      path: `/v${this.apiVersion}${path}${queryText(query)}`,
      headers: {
        ...(json !== undefined && { "Content-Type": "application/json" }),
        ...(body !== undefined && { "Content-Type": "application/x-tar" }),
        ...headers,
      },
      body: json === undefined ? body : JSON.stringify(json),
      signal,
    });
    const { statusCode = 0 } = answer;
    if (statusCode < 400) return answer;
    throw answerError(statusCode, messageOf(await text(answer)), what);
  }

  /** Closes all connections, also those on which something is still read. */
  close(): void {
    this.#connection.close();
  }
}

function queryText(query: Readonly<Record<string, unknown>>): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) {
      pairs.append(name, typeof one === "object" ? JSON.stringify(one) : String(one));
    }
  }
  return pairs.size === 0 ? "" : `?${pairs}`;
}

function messageOf(said: string): string {
  try {
    const { message } = JSON.parse(said) as { message?: unknown };
    return typeof message === "string" ? message : said;
  } catch {
    return said;
  }
}
