import type { FastifyInstance } from "fastify";
import { TrackingError } from "../errors.ts";
import { sendError } from "../routes/error-reply.ts";
import { strangeness } from "./host.ts";

/**
 * Keeps web pages of others out, also where nobody has to log in. Call it before routes are added.
 * Answers 403 PERMISSION_DENIED.
 *
 * @param hosts names that the server goes by beside those of this machine; `*` is any.
 */
export function guardHosts(app: FastifyInstance, hosts: readonly string[] = []): void {
  app.addHook("onRequest", ({ method, headers }, reply, done) => {
    const { host, origin } = headers;
    const strange = strangeness({ method, host, origin }, hosts);
    if (strange === undefined) return done();
    sendError(
      strange === "host"
        ? new TrackingError(
            "SCANFLOW_TRACKING_HOST",
            `The server does not go by the name "${host ?? ""}". Use its own address, or start it with --allowed-host and that name.`,
          )
        : new TrackingError(
            "SCANFLOW_TRACKING_ORIGIN",
            `Pages of ${origin} may change nothing here. Send the request from a program, or from a page of this server.`,
          ),
      reply,
    );
  });
}
