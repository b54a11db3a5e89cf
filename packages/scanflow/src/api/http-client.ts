import { ScanflowError } from "@scanflow/core";
import { type CallOptions, type Client, makeClient } from "./client.ts";
import { lines } from "./lines.ts";
import { pathNames, type Route } from "./route.ts";
import { routes } from "./routes.ts";
import { errorAnswer } from "./values.ts";

export interface HttpClientOptions {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly token: string;
}

/**
 * A client of an owner over HTTP. Errors: those of the owner, by their code; SCANFLOW_OWNER_UNREACHABLE when it does
 * not answer; SCANFLOW_OWNER_CLOSING when it took nothing on because it ends; SCANFLOW_OWNER_GONE when it ends in the middle of a stream.
 */
export function httpClient(options: HttpClientOptions): Client {
  const table: Readonly<Record<string, Readonly<Record<string, Route>>>> = routes;
  return makeClient(table, (group, name, input, call) => {
    const route = table[group]?.[name];
    if (!route) throw new Error(`there is no route ${group}.${name}`);
    return route.answer === "stream"
      ? readStream(options, route, input, call)
      : readDocument(options, route, input, call);
  });
}

type Input = Readonly<Record<string, unknown>>;

async function readDocument(
  options: HttpClientOptions,
  route: Route,
  input: Input,
  call: CallOptions,
): Promise<unknown> {
  const response = await send(options, route, input, call);
  return response.json();
}

async function* readStream(
  options: HttpClientOptions,
  route: Route,
  input: Input,
  call: CallOptions,
): AsyncGenerator<unknown> {
  const { body } = await send(options, route, input, call);
  if (!body) return;
  try {
    for await (const line of lines(body)) if (line !== "") yield JSON.parse(line);
  } catch (cause) {
    if (call.signal?.aborted) return;
    throw gone(options.url, cause);
  }
}

async function send(
  { url, token }: HttpClientOptions,
  route: Route,
  input: Input,
  { signal }: CallOptions,
): Promise<Response> {
  const { target, rest } = place(route, input);
  const headers: Record<string, string> = { authorization: `Bearer ${token}` };
  const init: RequestInit = { method: route.method, headers };
  if (signal) init.signal = signal;
  if (route.method === "POST") {
    headers["content-type"] = "application/json";
    init.body = JSON.stringify(rest);
  }
  const query = route.method === "GET" ? queryOf(rest) : "";
  let response: Response;
  try {
    response = await fetch(`${url}/api/v1${target}${query}`, init);
  } catch (cause) {
    throw isRefused(cause) ? closing(url, cause) : unreachable(url, cause);
  }
  if (response.ok) return response;
  throw await refused(response, url);
}

/** The path with its names filled in, and what is left of the input. */
function place(route: Route, input: Input): { target: string; rest: Input } {
  const names = new Set(pathNames(route.path));
  const target = route.path.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(input[name] ?? "")),
  );
  return { target, rest: Object.fromEntries(Object.entries(input).filter(([name]) => !names.has(name))) };
}

function queryOf(input: Input): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? "" : `?${query}`;
}

async function refused(response: Response, url: string): Promise<Error> {
  const text = await response.text();
  if (response.status === 503) return closing(url);
  try {
    const { error } = errorAnswer.parse(JSON.parse(text));
    return new ScanflowError(error.code, error.message);
  } catch {
    return unreachable(url, new Error(`it answered ${response.status}: ${text.slice(0, 200)}`));
  }
}

/** The connection was not even made: nothing was asked for. */
function isRefused(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && error.code === "ECONNREFUSED") return true;
  return isRefused(error.cause);
}

function closing(url: string, cause?: unknown): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_OWNER_CLOSING",
    `The owner at ${url} has ended or is about to, and took nothing on. Run the command again.`,
    { cause },
  );
}

function unreachable(url: string, cause: unknown): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_OWNER_UNREACHABLE",
    `The owner at ${url} does not answer as one (${reasonOf(cause)}). If it has ended, run the command again.`,
    { cause },
  );
}

function gone(url: string, cause: unknown): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_OWNER_GONE",
    `The owner at ${url} ended (${reasonOf(cause)}). Take the run up again with "scanflow resume".`,
    { cause },
  );
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? cause.cause.message : cause.message;
}
