import type { FastifyRequest } from "fastify";

/** What the routes are given: the query of a GET, else query and body, and what stands in the path. */
export function inputOf({ method, query, body, params }: FastifyRequest): Record<string, unknown> {
  const isRead = method === "GET" || method === "HEAD";
  const [asked, sent, placed] = [objectOf(query), isRead ? {} : objectOf(body), objectOf(params)];
  // Most requests bring a body and nothing else, which need not be copied then.
  return hasFields(asked) || hasFields(placed) ? { ...asked, ...sent, ...placed } : sent;
}

function hasFields(value: object): boolean {
  for (const _ in value) return true;
  return false;
}

export function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
