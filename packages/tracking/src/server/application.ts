import type { FastifyInstance, RouteOptions } from "fastify";
import type { Rooms } from "./open-rooms.ts";
import { type Readiness, readinessOf } from "./readiness.ts";

const readyPatienceMs = 2000;

/** The routes check their input by themselves; what would compile schemas takes a tenth of the start to load. */
const noSchemas = {
  buildValidator: () => () => {
    throw new Error("no route of this server has a schema");
  },
  buildSerializer: () => () => {
    throw new Error("no route of this server has a schema");
  },
};

export interface ApplicationOptions {
  readonly hosts: readonly string[];
  /** The token of who works at this machine. */
  readonly localToken: string;
  /** Whether the server is about to end: it still answers, and says that it is not ready. */
  readonly stops?: () => boolean;
  /** Told of each route that is added, for who lists them. */
  readonly onRoute?: (route: RouteOptions) => void;
}

/**
 * The HTTP application: the protocol's routes, `/ready` and `/metrics`. It answers to the names of this machine and to
 * `hosts`; from the first user on, it asks each for a token and puts down what they change.
 */
export async function makeApplication(
  { tracking, store, metrics, access, firstUser }: Rooms,
  { hosts, localToken, stops = () => false, onRoute = () => {} }: ApplicationOptions,
): Promise<FastifyInstance> {
  const [
    { fastify, LogController },
    { guardAccess },
    { guardHosts },
    { recordAudit },
    { sendError },
    { endpointNotFound },
    { trackingRoutes },
    { upkeepRoutes },
    { ledgerRoutes },
    { withLocalToken },
  ] = await Promise.all([
    import("fastify"),
    import("../access/guard-access.ts"),
    import("../access/guard-hosts.ts"),
    import("../access/record-audit.ts"),
    import("../routes/error-reply.ts"),
    import("../routes/not-found.ts"),
    import("../routes/plug-in.ts"),
    import("../routes/upkeep-routes.ts"),
    import("../ledger/ledger-routes.ts"),
    import("./local-access.ts"),
  ]);
  const app = fastify({
    logger: { level: "error", stream: process.stderr },
    // A logger for each request would cost more than its parsing.
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (logger) => logger,
    forceCloseConnections: "idle",
    // Registering waits on nobody: that it takes long says that the machine is busy, not that it failed.
    pluginTimeout: 0,
    schemaController: { compilersFactory: noSchemas },
    frameworkErrors: (error, _request, reply) => sendError(error, reply),
  });
  app.setErrorHandler((error, _request, reply) => sendError(error as never, reply));
  app.setNotFoundHandler(endpointNotFound);
  endConnections(app, stops);
  app.addHook("onRoute", onRoute);
  guardHosts(app, hosts);
  guardAccess(app, {
    access: withLocalToken(access, localToken),
    tracking,
    needed: () => firstUser.came(),
  });
  recordAudit(app, { tracking });
  app.addHook("onResponse", (request, reply, done) => {
    metrics.observe(request, reply);
    done();
  });
  app.get("/ready", async (_request, reply) => {
    const readiness = stops() ? stopping : await readinessOf(store, readyPatienceMs);
    reply.type("text/plain").code(readiness.ready ? 200 : 503);
    return readiness.ready ? "OK" : readiness.reason;
  });
  app.get("/metrics", async (_request, reply) => {
    reply.type(metrics.contentType);
    return metrics.text();
  });
  await app.register(trackingRoutes(tracking));
  await app.register(upkeepRoutes(tracking), { prefix: "/api/2.0/scanflow" });
  await app.register(ledgerRoutes(tracking), { prefix: "/api/2.0/scanflow" });
  return app;
}

const stopping: Readiness = { ready: false, reason: "The server is about to end." };

/** Tells clients of answers under way that their connections end with them: idle ones are closed, later ones not. */
function endConnections(app: FastifyInstance, stops: () => boolean): void {
  app.addHook("onSend", (_request, reply, payload, done) => {
    if (stops()) reply.header("connection", "close");
    done(null, payload);
  });
}

/** Accepts nothing more, lets what is under way end, and breaks off what has not ended in time. */
export async function closeApplication(app: FastifyInstance, patienceMs: number): Promise<void> {
  const impatient = setTimeout(() => app.server.closeAllConnections(), patienceMs);
  try {
    await app.close();
  } finally {
    clearTimeout(impatient);
  }
}
