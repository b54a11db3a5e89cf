import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { onBehalf } from "../access/request-actor.ts";
import { containedPath } from "../locations/path.ts";
import { containedRoot } from "../locations/root.ts";
import { pathOfRun } from "../locations/run-artifacts.ts";
import { getLoggedModel } from "../logged-models/logged-models.ts";
import { invalid } from "../refusal.ts";
import { getVersion } from "../registry/versions.ts";
import type { TrackingContext } from "../tracking.ts";
import { Dispatcher } from "../webhooks/dispatcher.ts";
import { artifactProxy } from "./artifact-proxy.ts";
import { sendError } from "./error-reply.ts";
import { experimentRoutes } from "./experiment-routes.ts";
import { graphqlRoute } from "./graphql-route.ts";
import { inputOf, objectOf } from "./input.ts";
import { acceptJson, mostBodyBytes } from "./json-body.ts";
import { logRoutes } from "./log-routes.ts";
import { loggedModelRoutes } from "./logged-model-routes.ts";
import { endpointNotFound } from "./not-found.ts";
import { registryRoutes } from "./registry-routes.ts";
import type { Route } from "./route.ts";
import { runRoutes } from "./run-routes.ts";
import { scanflowRoutes } from "./scanflow-routes.ts";
import { sendFile } from "./send-file.ts";
import { webhookRoutes } from "./webhook-routes.ts";

/**
 * The version of the protocol that clients are told. Below 3.4 they send no OpenTelemetry spans, for which
 * there is no route here; from 3.0 they may log models by themselves, which is served.
 */
const protocolVersion = "3.3.2";

const apiPrefixes = ["/api/2.0/mlflow", "/ajax-api/2.0/mlflow"];
const proxyPrefixes = ["/api/2.0/mlflow-artifacts", "/ajax-api/2.0/mlflow-artifacts"];
const otherPrefixes = ["/api/3.0/mlflow", "/ajax-api/3.0/mlflow"];

/** For who opens in a browser what clients print as a run's address. */
const greeting = `This is a Scanflow tracker. It has no pages to look at: ask it with a client of MLflow,

  export MLFLOW_TRACKING_URI=http://...  (the address of this page)
  python -c "import mlflow; print(mlflow.search_runs(search_all_experiments=True))"

or with "scanflow lineage models:/NAME/VERSION --tracker URL" and "scanflow export runs EXPERIMENT".
`;

/** Every route of the tracking protocol but those that carry files. */
export const trackingRouteTable: readonly Route[] = [
  ...experimentRoutes,
  ...runRoutes,
  ...logRoutes,
  ...registryRoutes,
  ...loggedModelRoutes,
  ...webhookRoutes,
];

/** Adds all that the tracker serves. */
export async function addTrackingRoutes(app: FastifyInstance, context: TrackingContext): Promise<void> {
  app.setErrorHandler((error, _request, reply) => sendError(error as never, reply));
  app.get("/", async (_request, reply) => reply.type("text/plain").send(greeting));
  app.get("/health", async (_request, reply) => reply.type("text/plain").send("OK"));
  app.get("/version", async (_request, reply) => reply.type("text/plain").send(protocolVersion));
  addDownloads(app, context);
  for (const prefix of apiPrefixes) {
    await app.register(async (api) => addTable(api, context), { prefix });
  }
  await app.register(async (api) => addRows(api, context, scanflowRoutes), { prefix: "/api/2.0/scanflow" });
  await app.register(graphqlRoute(context, trackingRouteTable));
  for (const prefix of proxyPrefixes) await app.register(artifactProxy(context), { prefix });
  for (const prefix of otherPrefixes) app.all(`${prefix}/*`, endpointNotFound);
  sendWebhooks(app, context);
}

/** Webhooks are told for as long as the server is up. */
function sendWebhooks(app: FastifyInstance, { outbox, reach, webhooks }: TrackingContext): void {
  let dispatcher: Dispatcher | undefined;
  app.addHook("onReady", async () => {
    dispatcher = new Dispatcher({ outbox, reach, ...webhooks, warn: (message) => app.log.error(message) });
  });
  app.addHook("onClose", async () => dispatcher?.stop());
}

function addTable(api: FastifyInstance, context: TrackingContext): void {
  addRows(api, context, trackingRouteTable);
  api.get<{ Params: { model_id: string } }>("/logged-models/:model_id/artifacts/files", (request, reply) =>
    sendModelFile(context, request.params.model_id, { request, reply }),
  );
  api.all("/*", endpointNotFound);
}

function addRows(api: FastifyInstance, context: TrackingContext, rows: readonly Route[]): void {
  acceptJson(api, { camelCase: true });
  for (const { methods, path, answer } of rows) {
    api.route({
      method: [...methods],
      url: `/${path}`,
      bodyLimit: mostBodyBytes,
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        const answered = await answer(onBehalf(context, request), inputOf(request));
        return reply.type("application/json").send(answered ?? {});
      },
    });
  }
}

/** The downloads that stand beside the API. */
function addDownloads(app: FastifyInstance, context: TrackingContext): void {
  app.get("/get-artifact", async (request, reply) => {
    const { run_id: runId, run_uuid: runUuid, path } = objectOf(request.query);
    const asked = text(path, "path");
    return sendFile(context, await pathOfRun(context.index, text(runId ?? runUuid, "run_id"), asked), {
      request,
      reply,
    });
  });
  app.get("/model-versions/get-artifact", async (request, reply) => {
    const { name, version, path } = objectOf(request.query);
    const found = await getVersion(context, text(name, "name"), text(version, "version"));
    const place = placeBelow(found.storageLocation, text(path, "path"));
    return sendFile(context, place, { request, reply });
  });
}

async function sendModelFile(
  context: TrackingContext,
  modelId: string,
  exchange: { request: FastifyRequest; reply: FastifyReply },
): Promise<FastifyReply> {
  const { artifactUri } = await getLoggedModel(context, modelId);
  const asked = text(objectOf(exchange.request.query).artifact_file_path, "artifact_file_path");
  return sendFile(context, placeBelow(artifactUri, asked), exchange);
}

function placeBelow(uri: string, path: string): string {
  const root = containedRoot(uri);
  if (root === undefined) throw invalid(`The artifacts of '${uri}' are not served by this server.`);
  return `${root}/${containedPath(path)}`;
}

function text(value: unknown, parameter: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw invalid(`Missing value for required parameter '${parameter}'.`);
}
