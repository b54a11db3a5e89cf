import type { FastifyInstance, FastifyRequest } from "fastify";
import { badRequest, invalid } from "../refusal.ts";
import { endpointNotFound } from "./not-found.ts";

/** Larger than any request within the protocol's limits: a dataset's profile alone may have 16 MiB. */
export const mostBodyBytes = 32 * 1024 * 1024;

/**
 * Reads bodies as JSON objects; clients of long ago encode them twice, and none at all is an empty one. With
 * `camelCase`, fields may be called so, too.
 */
export function acceptJson(app: FastifyInstance, { camelCase = false } = {}): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    try {
      const text = String(body);
      const object = parseObject(text);
      done(
        null,
        camelCase && camelKey.test(text) ? (inSnakeCase(object) as Record<string, unknown>) : object,
      );
    } catch (error) {
      done(error as Error);
    }
  });
  const unknown = `${app.prefix}/*`;
  app.addHook("onRequest", (request, _reply, done) => {
    if (request.routeOptions.url === unknown) {
      endpointNotFound(request).catch(done);
      return;
    }
    try {
      checkContentType(request);
      done();
    } catch (error) {
      done(error as Error);
    }
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

/** A key such as `experimentId`, as other makers of protocol buffers write it. */
const camelKey = /"[a-z]+(?:[A-Z][a-z0-9]*)+"\s*:/;

/** No request of the protocol goes deeper than a tenth of it. */
const deepest = 100;

/**
 * The fields of a request by the names of the protocol. Errors: SCANFLOW_TRACKING_INVALID when one is given by both, and
 * for what is nested without end.
 */
function inSnakeCase(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > deepest) throw invalid(`The request is nested more than ${deepest} levels deep.`);
  if (Array.isArray(value)) return value.map((inside) => inSnakeCase(inside, depth + 1));
  const fields = Object.entries(value).map(([key, inside]) => {
    const name = key.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (name !== key && Object.hasOwn(value, name)) {
      throw invalid(`Request specifies both '${name}' and '${key}'; provide only one of them.`);
    }
    return [name, inSnakeCase(inside, depth + 1)];
  });
  return Object.fromEntries(fields);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest("The body of the request is not valid JSON.");
  }
}
