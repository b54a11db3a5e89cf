import type { FastifyRequest } from "fastify";

/** What the routes are given: the query of a GET, else query and body, and what stands in the path. */
export function inputOf({ method, query, body, params }: FastifyRequest): Record<string, unknown> {
  const given =
    method === "GET" || method === "HEAD" ? objectOf(query) : { ...objectOf(query), ...objectOf(body) };
  return { ...given, ...objectOf(params) };
}

export function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
