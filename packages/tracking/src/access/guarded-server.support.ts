import { type FastifyInstance, fastify, type InjectOptions } from "fastify";
import { onTestFinished } from "vitest";
import {
  guardAccess,
  openAccess,
  type Role,
  recordAudit,
  type TrackingOptions,
  trackingRoutes,
} from "../index.ts";
import { openTestTracking, type TestTracking } from "../test-tracking.support.ts";
import type { Access } from "./access.ts";

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & { error_code?: string; message?: string };
}

type Method = "GET" | "POST" | "PATCH" | "DELETE" | "PUT" | "HEAD";

export interface GuardedServer extends TestTracking {
  readonly app: FastifyInstance;
  readonly access: Access;
  /** Every route that was added, such as `GET /health`. */
  readonly routes: readonly { readonly method: Method; readonly url: string }[];
  /** Makes a user with roles by application and gives a token. */
  readonly tokenFor: (name: string, roles: Readonly<Record<string, Role>>) => Promise<string>;
  /** Sends a request; a path without a leading slash is below `/api/2.0/mlflow/`. */
  readonly ask: (token: string | undefined, method: Method, path: string, input?: object) => Promise<Answer>;
}

/** The routes behind access control, over a real tracker. */
export async function openGuardedServer(
  options: Pick<TrackingOptions, "webhooks"> = {},
): Promise<GuardedServer> {
  const test = await openTestTracking(options);
  const access = openAccess({ store: test.store, now: test.tracking.context.now });
  const app = fastify({ pluginTimeout: 0 });
  const routes: { method: Method; url: string }[] = [];
  app.addHook("onRoute", ({ method, url }) => {
    for (const one of [method].flat()) routes.push({ method: one as Method, url });
  });
  guardAccess(app, { access, tracking: test.tracking });
  recordAudit(app, { tracking: test.tracking });
  await app.register(trackingRoutes(test.tracking));
  await app.ready();
  onTestFinished(() => app.close());
  return {
    ...test,
    app,
    access,
    routes,
    tokenFor: async (name, roles) => {
      const [first, ...more] = Object.entries(roles);
      if (first) await access.addUser({ name, application: first[0], role: first[1] });
      for (const [application, role] of more) await access.setRole({ name, application, role });
      return (await access.addToken({ user: name })).token;
    },
    ask: async (token, method, path, input = {}) => {
      const url = path.startsWith("/") ? path : `/api/2.0/mlflow/${path}`;
      const reading = method === "GET" || method === "HEAD";
      const request: InjectOptions = {
        method,
        url,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(reading ? {} : { "content-type": "application/json" }),
        },
        ...(reading ? { query: input as Record<string, string> } : { payload: JSON.stringify(input) }),
      };
      const response = await app.inject(request);
      const isJson = String(response.headers["content-type"]).startsWith("application/json");
      return { status: response.statusCode, body: isJson && response.body !== "" ? response.json() : {} };
    },
  };
}
