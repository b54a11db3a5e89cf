import type { AddressInfo } from "node:net";
import { ScanflowError } from "@scanflow/core";
import type { FastifyInstance } from "fastify";
import type { Admission, DoorOptions, Offer, Pass, WorkerDoor } from "../runners/gateway.ts";
import { attemptRoutes } from "./attempt-routes.ts";
import { attendRoutes } from "./attend-routes.ts";
import type { Attendance } from "./attendance.ts";
import { Board } from "./board.ts";
import { claimRoute } from "./claim-route.ts";
import type { DoorRooms } from "./door-rooms.ts";
import { refusalOf } from "./refusal.ts";
import { RemoteAttempt } from "./remote-attempt.ts";
import { Sessions } from "./sessions.ts";
import { Tokens } from "./tokens.ts";
import { TrackerPass } from "./tracker/tracker-pass.ts";
import { trackerProxy } from "./tracker/tracker-proxy.ts";

/** What a token stands for. */
export type Holder =
  | { readonly kind: "tracker"; readonly pass: TrackerPass }
  /** May claim this attempt, and nothing else. */
  | { readonly kind: "ticket"; readonly attempt: RemoteAttempt }
  /** May tell of heartbeats and hand in the checkpoint. */
  | { readonly kind: "attend"; readonly attendance: Attendance };

export type DoorSettings = Omit<DoorRooms, "url" | "admission" | "ticket" | "attend">;

/** A connection on which nothing moves is closed; the longest answers are kept waiting for a tenth of it. */
const idleMs = 300_000;

export async function openDoor(
  { host, port = 0, advertised, workerToken }: DoorOptions,
  settings: DoorSettings,
): Promise<WorkerDoor> {
  const tokens = new Tokens<Holder>();
  const sessions = new Sessions();
  const board = new Board();
  const attempts = new Set<RemoteAttempt>();
  const closing = new AbortController();
  const { fastify } = await import("fastify");
  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    pluginTimeout: 0,
    connectionTimeout: idleMs,
    routerOptions: { maxParamLength: 4096 },
  });
  app.setErrorHandler((error, _request, reply) => {
    const { status, body } = refusalOf(error);
    // The rest of a body that nobody reads would stand before the next request.
    if (status !== 404) reply.header("connection", "close");
    return reply.status(status).send(body);
  });
  claimRoute(app, { tokens, board, workerToken, beatMs: settings.beatMs, closing: closing.signal });
  attemptRoutes(app, { sessions, artifacts: settings.artifacts });
  attendRoutes(app, tokens);
  await app.register(trackerProxy(tokens));
  const address = await listen(app, host, port);
  const here = `http://${host.includes(":") ? `[${host}]` : host}:0`;
  const url = (advertised ?? here).replace(/\/+$/, "").replace(/:0$/, `:${address.port}`);

  const admit = ({ tracking, bearer }: Pick<Pass, "tracking" | "bearer">): Admission => {
    const pass = new TrackerPass(tracking);
    const { token, revoke } = tokens.issue({ kind: "tracker", pass }, bearer);
    const variables: Record<string, string> = {
      ...(tracking.uri && { MLFLOW_TRACKING_URI: url, MLFLOW_TRACKING_TOKEN: token }),
      ...(tracking.experimentId && { MLFLOW_EXPERIMENT_ID: tracking.experimentId }),
      ...(tracking.runId && { MLFLOW_RUN_ID: tracking.runId }),
    };
    return { token, trackingUri: url, variables, revoke };
  };
  const rooms: DoorRooms = {
    ...settings,
    url,
    ticket: (attempt, bearer) => {
      const { token, revoke } = tokens.issue({ kind: "ticket", attempt }, bearer);
      sessions.add(token, attempt);
      return {
        token,
        revoke: () => {
          revoke();
          sessions.remove(token);
        },
      };
    },
    attend: (attendance, bearer) => tokens.issue({ kind: "attend", attendance }, bearer),
    admission: ({ tracking }, bearer) => admit({ tracking, bearer }),
  };
  return {
    url,
    port: address.port,
    admit,
    offer(offer: Offer) {
      const attempt = new RemoteAttempt(offer, rooms);
      attempts.add(attempt);
      void attempt.done.finally(() => attempts.delete(attempt));
      if (offer.to === "worker") board.offer(attempt);
      return attempt;
    },
    ended: (end) => board.end(end),
    told: (tasks, patienceMs) => board.told(tasks, patienceMs, closing.signal),
    async close() {
      closing.abort();
      for (const attempt of attempts) attempt.cancel();
      await Promise.all(Array.from(attempts, ({ done }) => done));
      await app.close();
    },
  };
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<AddressInfo> {
  try {
    // Without a name it would be every address of this machine.
    if (host === "") throw Object.assign(new Error("it has no name"), { code: "EADDRNOTAVAIL" });
    await app.listen({ host, port });
    return app.server.address() as AddressInfo;
  } catch (cause) {
    await app.close();
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    const why: Record<string, string> = {
      EADDRINUSE: `another process listens on port ${port} there`,
      EADDRNOTAVAIL: "it is no address of this machine",
      EACCES: `this user may not listen on port ${port}`,
      ENOTFOUND: "there is no machine of this name",
    };
    throw new ScanflowError(
      "SCANFLOW_GATEWAY_ADDRESS",
      `The gateway cannot listen on ${host}: ${why[code] ?? String(cause)}. Name another address or port with --gateway or in the variable SCANFLOW_GATEWAY (HOST:PORT); port 0 takes a free one.`,
      { cause },
    );
  }
}
