import type { FastifyPluginAsync } from "fastify";
import type { Tracking } from "../tracking.ts";

/**
 * The tracking server as a Fastify plug-in: the MLflow-compatible REST routes for stock clients of versions
 * 2 and 3, artifacts included. Errors are answered as `{"error_code", "message"}`. Authentication is the
 * business of the server that mounts it.
 *
 * ```ts
 * import { type Tracking, trackingRoutes } from "@scanflow/tracking";
 * import { fastify } from "fastify";
 *
 * export async function serve(tracking: Tracking): Promise<void> {
 *   const app = fastify();
 *   await app.register(trackingRoutes(tracking));
 *   await app.listen({ host: "127.0.0.1", port: 5000 });
 * }
 * ```
 */
export function trackingRoutes({ context }: Tracking): FastifyPluginAsync {
  return async (app) => {
    // Loaded where they are mounted: most commands open a tracker and serve nobody.
    const { addTrackingRoutes } = await import("./tracking-routes.ts");
    await addTrackingRoutes(app, context);
  };
}
