import type { FastifyInstance, FastifyRequest } from "fastify";
import { badRequest, invalid } from "../refusal.ts";
import { endpointNotFound } from "./not-found.ts";

/** Larger than any request within the protocol's limits: a dataset's profile alone may have 16 MiB. */
export const mostBodyBytes = 32 * 1024 * 1024;

/** Reads bodies as JSON objects; clients of long ago encode them twice, and none at all is an empty one. */
export function acceptJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    try {
      done(null, parseObject(String(body)));
    } catch (error) {
      done(error as Error);
    }
  });
  app.addHook("onRequest", async (request) => {
    if (request.routeOptions.url === `${app.prefix}/*`) await endpointNotFound(request);
    checkContentType(request);
  });
}

/**
 * A POST must say that it brings JSON. Browsers ask before they send that to another site, so this is also
 * what keeps other sites' pages from writing here.
 */
function checkContentType({ method, headers }: FastifyRequest): void {
  if (method !== "POST" && method !== "PUT") return;
  const type = headers["content-type"];
  if (type === undefined) throw invalid("Bad Request. Content-Type header is missing.");
  if (/^application\/json\s*(;|$)/i.test(type)) return;
  throw invalid("Bad Request. Content-Type must be one of ['application/json'].");
}

function parseObject(body: string): Record<string, unknown> {
  if (body.trim() === "") return {};
  const once = parse(body);
  const value = typeof once === "string" ? parse(once) : once;
  if (value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    throw badRequest("The body of the request must be a JSON object.");
  }
  return value as Record<string, unknown>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest("The body of the request is not valid JSON.");
  }
}
