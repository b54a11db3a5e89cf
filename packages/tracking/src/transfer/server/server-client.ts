import { setTimeout as pause } from "node:timers/promises";
import type { z } from "zod";
import { TransferError } from "../errors.ts";
import { answersWrong, brokenOff, refusedBy, unreachable } from "./server-errors.ts";
import type { ServerAddress } from "./server-url.ts";

export interface Question<T> {
  /** Below `/api/2.0/`, such as `mlflow/runs/get`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON by POST. */
  readonly body?: Readonly<Record<string, unknown>> | undefined;
  readonly schema: z.ZodType<T>;
}

/** How long to wait before asking again where a server was busy or not there; nothing that is asked changes anything. */
const pausesMs = [200, 1000];

/** Of one answer: JSON is read as a whole. */
const largestAnswer = 256 * 1024 * 1024;

/**
 * How long an answer that is read as a whole may take; the history of a metric with millions of points takes a while.
 * A file may take as long as it likes: `fetch` gives up when nothing comes for five minutes.
 */
const patienceMs = 300_000;

/** Of an answer that is none, what is looked at. */
const longestRefusal = 2000;

export interface ServerClientOptions {
  /** Ends what is under way, with its reason. */
  readonly signal?: AbortSignal | undefined;
  readonly patienceMs?: number;
}

type Asked = Pick<Question<unknown>, "query" | "body"> & { readonly asStream?: boolean };

/** Asks a tracking server for what it has. Errors: SCANFLOW_TRANSFER_SERVER, SCANFLOW_TRANSFER_DENIED. */
export class ServerClient {
  readonly #address: ServerAddress;

  readonly #signal: AbortSignal | undefined;
  readonly #patienceMs: number;

  constructor(address: ServerAddress, options: ServerClientOptions = {}) {
    this.#address = address;
    this.#signal = options.signal;
    this.#patienceMs = options.patienceMs ?? patienceMs;
  }

  async ask<T>({ path, query = {}, body, schema }: Question<T>): Promise<T> {
    const found = await this.#find(path, { query, body });
    if (found === undefined) throw refusedBy(this.#address, path, { status: 404, text: "" });
    return this.#read(found, path, schema);
  }

  /** As `ask`; undefined where the server has no such route or no such thing. */
  async askIfThere<T>({ path, query = {}, body, schema }: Question<T>): Promise<T | undefined> {
    const found = await this.#find(path, { query, body });
    return found && this.#read(found, path, schema);
  }

  /** The bytes of an answer as they come. */
  async *bytes(path: string): AsyncGenerator<Uint8Array> {
    const found = await this.#find(path, { query: {}, body: undefined, asStream: true });
    if (!found) throw refusedBy(this.#address, path, { status: 404, text: "" });
    try {
      for await (const chunk of found.body ?? []) yield chunk;
    } catch (cause) {
      this.#signal?.throwIfAborted();
      throw brokenOff(this.#address, path, cause);
    }
  }

  /** Says that an answer, though it can be read, is wrong. */
  wrong(path: string, what: string): TransferError {
    return answersWrong(this.#address, path, what);
  }

  async #read<T>(response: Response, path: string, schema: z.ZodType<T>): Promise<T> {
    const text = await this.#text(response, path);
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch (cause) {
      throw answersWrong(this.#address, path, `no JSON but ${JSON.stringify(text.slice(0, 60))}`, cause);
    }
    const read = schema.safeParse(json);
    if (read.success) return read.data;
    const [issue] = read.error.issues;
    const field = issue?.path.join(".") || "the whole";
    throw answersWrong(this.#address, path, `what cannot be read (${field}: ${issue?.message})`);
  }

  async #text(response: Response, path: string): Promise<string> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const chunk of response.body ?? []) {
        size += chunk.length;
        if (size > largestAnswer) break;
        chunks.push(chunk);
      }
    } catch (cause) {
      this.#signal?.throwIfAborted();
      throw brokenOff(this.#address, path, cause);
    }
    if (size <= largestAnswer) return Buffer.concat(chunks).toString("utf8");
    throw answersWrong(this.#address, path, `more than ${largestAnswer} bytes`);
  }

  /** The answer if it is a good one, undefined for a 404. Asks again while the server is busy or away. */
  async #find(path: string, asked: Asked): Promise<Response | undefined> {
    for (const pauseMs of pausesMs) {
      const found = await this.#send(path, asked).catch((error: unknown) => error);
      this.#signal?.throwIfAborted();
      if (!(found instanceof TransferError) && !isBusy(found)) return this.#judge(found as Response, path);
      if (found instanceof Response) await found.body?.cancel();
      await pause(pauseMs);
    }
    return this.#judge(await this.#send(path, asked), path);
  }

  async #judge(response: Response, path: string): Promise<Response | undefined> {
    if (response.ok) return response;
    if (response.status === 404) {
      await response.body?.cancel();
      return undefined;
    }
    const text = await beginningOf(response);
    const { status, headers } = response;
    throw refusedBy(this.#address, path, { status, text, location: headers.get("location") });
  }

  async #send(path: string, { query, body, asStream = false }: Asked): Promise<Response> {
    const { url, authorization } = this.#address;
    const headers: Record<string, string> = { accept: "application/json, */*" };
    if (authorization !== undefined) headers.authorization = authorization;
    const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    if (body !== undefined) headers["content-type"] = "application/json";
    const search = new URLSearchParams(query).toString();
    const target = `${url}/api/2.0/${path}${search === "" ? "" : `?${search}`}`;
    const limits = asStream ? [] : [AbortSignal.timeout(this.#patienceMs)];
    try {
      // A redirect would carry the token elsewhere.
      return await fetch(target, {
        ...sent,
        headers,
        redirect: "manual",
        signal: AbortSignal.any([...limits, ...(this.#signal ? [this.#signal] : [])]),
      });
    } catch (cause) {
      this.#signal?.throwIfAborted();
      throw unreachable(this.#address, cause);
    }
  }
}

/** A server may go on for ever. */
async function beginningOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= longestRefusal) break;
    }
  } catch {
    // Its status says enough.
  }
  return Buffer.concat(chunks).toString("utf8").slice(0, longestRefusal);
}

function isBusy(found: unknown): boolean {
  return found instanceof Response && (found.status === 429 || found.status >= 500);
}
