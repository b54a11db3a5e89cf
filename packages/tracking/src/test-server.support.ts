import { type FastifyInstance, fastify } from "fastify";
import { onTestFinished } from "vitest";
import { type TrackingOptions, trackingRoutes } from "./index.ts";
import { openTestTracking, type TestTracking } from "./test-tracking.support.ts";

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & { error_code?: string; message?: string };
}

export interface TestServer extends TestTracking {
  readonly app: FastifyInstance;
  readonly post: (path: string, body?: unknown) => Promise<Answer>;
  readonly get: (path: string, query?: Record<string, string | string[]>) => Promise<Answer>;
  readonly send: (method: "PATCH" | "DELETE", path: string, body?: unknown) => Promise<Answer>;
}

/** The routes over a real tracker; paths are below `/api/2.0/mlflow/`. */
export async function openTestServer(options: Pick<TrackingOptions, "webhooks"> = {}): Promise<TestServer> {
  const test = await openTestTracking(options);
  const app = fastify({ pluginTimeout: 0 });
  await app.register(trackingRoutes(test.tracking));
  onTestFinished(() => app.close());
  const ask = async (method: "GET" | "POST" | "PATCH" | "DELETE", path: string, rest: object) => {
    const response = await app.inject({ method, url: `/api/2.0/mlflow/${path}`, ...rest });
    return { status: response.statusCode, body: response.json() };
  };
  const headers = { "content-type": "application/json" };
  const payloadOf = (body: unknown) => ({ headers, payload: JSON.stringify(body ?? {}) });
  return {
    ...test,
    app,
    get: (path, query = {}) => ask("GET", path, { query }),
    post: (path, body) => ask("POST", path, payloadOf(body)),
    send: (method, path, body) => ask(method, path, payloadOf(body)),
  };
}

/** Makes a run in the default experiment, unless the fields say otherwise, and gives its id. */
export async function newRun({ post }: TestServer, fields: object = {}): Promise<string> {
  const { body } = await post("runs/create", { experiment_id: "0", start_time: 7, ...fields });
  return (body.run as { info: { run_id: string } }).info.run_id;
}
