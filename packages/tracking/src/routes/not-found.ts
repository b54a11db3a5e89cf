import type { FastifyRequest } from "fastify";
import { TrackingError } from "../errors.ts";

/** Clients fall back to older ways when a route answers 404 with this. */
export async function endpointNotFound({ method, url }: FastifyRequest): Promise<never> {
  const path = url.split("?", 1)[0]?.slice(0, 200);
  throw new TrackingError("SCANFLOW_TRACKING_ENDPOINT", `${method} ${path} is not a route of this server.`);
}
