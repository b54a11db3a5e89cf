import type { AddressInfo } from "node:net";
import type { Tracking } from "@scanflow/tracking";
import type { FastifyInstance } from "fastify";
import { guardLoopback } from "./guard.ts";

export interface Listening {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** An HTTP server that other programs of this machine reach, and web pages do not. */
export async function loopbackServer(hosts: readonly string[] = []): Promise<FastifyInstance> {
  const { fastify } = await import("fastify");
  // Registering waits on nobody: that it takes long says that the machine is busy, not that it failed.
  const app = fastify({ logger: false, forceCloseConnections: "idle", pluginTimeout: 0 });
  guardLoopback(app, hosts);
  return app;
}

/** Listens on 127.0.0.1, or on another address; port 0 takes a free one. The URL is for programs of this machine. */
export async function listen(app: FastifyInstance, port: number, host = "127.0.0.1"): Promise<Listening> {
  await app.listen({ host, port });
  const address = app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    close: () => closeSoon(app),
  };
}

const patienceMs = 2000;

/** Lets answers under way end, but waits for no reader that has stopped reading. */
async function closeSoon(app: FastifyInstance): Promise<void> {
  const impatient = setTimeout(() => app.server.closeAllConnections(), patienceMs);
  await app.close();
  clearTimeout(impatient);
}

/** The MLflow REST API of one tracker, on a port of its own. */
export async function listenAsTracker(tracking: Tracking, port: number): Promise<Listening> {
  const { trackingRoutes } = await import("@scanflow/tracking");
  const app = await loopbackServer();
  await app.register(trackingRoutes(tracking));
  try {
    return await listen(app, port);
  } catch (error) {
    await app.close();
    throw error;
  }
}
