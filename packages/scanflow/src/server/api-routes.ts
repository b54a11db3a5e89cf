import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { openApi, type Route, routes } from "../api/index.ts";
import { ownVersion } from "../own-version.ts";
import { errorAnswer } from "./error-answer.ts";
import { guardToken } from "./guard.ts";
import type { Handlers } from "./handlers.ts";
import { handlerOf } from "./local-client.ts";
import { readInput } from "./read-input.ts";

export interface ApiRoutesOptions {
  readonly handlers: Handlers;
  readonly token: string;
}

/** The API's table as routes of a server. */
export async function apiRoutes(app: FastifyInstance, { handlers, token }: ApiRoutesOptions): Promise<void> {
  guardToken(app, token);
  app.setErrorHandler((error, _request, reply) => {
    const { status, body } = errorAnswer(error);
    return reply.status(status).send(body);
  });
  app.setNotFoundHandler(({ method, url }, reply) => {
    const message = `There is no ${method} ${url}. See /api/openapi.json for what there is.`;
    return reply.status(404).send({ error: { code: "SCANFLOW_REQUEST_INVALID", message } });
  });
  app.get("/openapi.json", async () => openApi(ownVersion));
  const table: Readonly<Record<string, Readonly<Record<string, Route>>>> = routes;
  for (const [group, rows] of Object.entries(table)) {
    for (const name of Object.keys(rows)) {
      const { route, handler } = handlerOf(handlers, table, group, name);
      app.route({
        method: route.method,
        url: `/v1${route.path}`,
        handler: async (request, reply) => {
          const input = readInput(route, inputOf(route, request));
          return route.answer === "document"
            ? handler(input)
            : sendStream(request, reply, (signal) => handler(input, signal) as AsyncIterable<unknown>);
        },
      });
    }
  }
}

function inputOf(route: Route, { params, query, body, headers }: FastifyRequest): Record<string, unknown> {
  const given = { ...(params as object), ...((route.method === "GET" ? query : body) as object | undefined) };
  const last = headers["last-event-id"];
  return "after" in route.input.shape && last !== undefined ? { ...given, after: last } : given;
}

/** Errors before the first message are still answered with their status. */
async function sendStream(
  { raw, headers }: FastifyRequest,
  reply: FastifyReply,
  open: (signal: AbortSignal) => AsyncIterable<unknown>,
): Promise<FastifyReply> {
  const left = new AbortController();
  raw.socket.once("close", () => left.abort());
  const messages = open(left.signal)[Symbol.asyncIterator]();
  const first = await messages.next();
  const asEvents = headers.accept?.includes("text/event-stream") === true;
  const encode = asEvents ? serverSentEvent : jsonLine;
  async function* encoded() {
    for (let next = first; !next.done; next = await messages.next()) yield encode(next.value);
  }
  return reply
    .header("content-type", asEvents ? "text/event-stream" : "application/x-ndjson")
    .header("cache-control", "no-store")
    .send(Readable.from(encoded()));
}

function jsonLine(message: unknown): string {
  return `${JSON.stringify(message)}\n`;
}

/** The id lets a browser that lost the connection go on after the last event it heard. */
function serverSentEvent(message: unknown): string {
  const seq = seqOf(message);
  return `${seq === undefined ? "" : `id: ${seq}\n`}data: ${JSON.stringify(message)}\n\n`;
}

function seqOf(message: unknown): number | undefined {
  if (typeof message !== "object" || message === null || !("event" in message)) return undefined;
  const { event } = message;
  if (typeof event !== "object" || event === null || !("seq" in event)) return undefined;
  return typeof event.seq === "number" ? event.seq : undefined;
}
