import {
  experimentNamed,
  experiments,
  type Finder,
  ifGiven,
  loggedModels,
  model,
  newExperiment,
  newModel,
  proxied,
  renamedExperiment,
  renamedModel,
  run,
  runs,
  server,
  taggedModel,
  untaggedModel,
  upload,
  versionSource,
} from "./places.ts";
import type { Role } from "./role.ts";

/** What a request needs: a role on every application that its finders give. */
export interface Need {
  readonly role: Role;
  readonly on: readonly Finder[];
}

/**
 * What a route asks of who calls it. `open`: nothing. `known`: a token; what is answered is cut down to what its user
 * may see. Else all the needs.
 */
export type Rule = "open" | "known" | readonly Need[];

function needs(role: Role, ...on: Finder[]): readonly Need[] {
  return [{ role, on }];
}

const experiment = experiments("experiment_id");
const loggedModel = loggedModels("model_id");
const editExperiment = needs("editor", experiment);
const editRun = needs("editor", run);
const readModel = needs("viewer", model);
const editModel = needs("editor", model);
const readLoggedModel = needs("viewer", loggedModel);
const editLoggedModel = needs("editor", loggedModel);
const onServer = needs("admin", server);

/**
 * Every route and what it needs; one that has no row here is refused. Paths of the protocol are below
 * `/api/2.0/mlflow/` and `/ajax-api/2.0/mlflow/`, those that begin with `mlflow-artifacts/` below `/api/2.0/`.
 */
export const accessTable: Readonly<Record<string, Rule>> = {
  "GET /": "open",
  "GET /health": "open",
  "GET /ready": "open",
  "GET /version": "open",
  "GET /metrics": needs("viewer", server),

  "POST experiments/create": needs("editor", newExperiment),
  "GET experiments/get": needs("viewer", experiment),
  "GET experiments/get-by-name": needs("viewer", experimentNamed),
  "GET experiments/search": "known",
  "POST experiments/search": "known",
  "POST experiments/search-datasets": "known",
  "POST experiments/delete": editExperiment,
  "POST experiments/restore": editExperiment,
  "POST experiments/update": needs("editor", experiment, renamedExperiment),
  "POST experiments/set-experiment-tag": editExperiment,
  "POST experiments/delete-experiment-tag": editExperiment,

  "POST runs/create": editExperiment,
  "GET runs/get": needs("viewer", run),
  "POST runs/search": "known",
  "POST runs/update": editRun,
  "POST runs/delete": editRun,
  "POST runs/restore": editRun,
  "POST runs/log-metric": needs("editor", run, loggedModel),
  "POST runs/log-batch": needs("editor", run, loggedModels("metrics", "model_id")),
  "POST runs/log-parameter": editRun,
  "POST runs/set-tag": editRun,
  "POST runs/delete-tag": editRun,
  "POST runs/log-model": editRun,
  "POST runs/log-inputs": [...editRun, { role: "viewer", on: [loggedModels("models", "model_id")] }],
  "POST runs/outputs": [...editRun, { role: "viewer", on: [loggedModels("models", "model_id")] }],
  "GET artifacts/list": needs("viewer", run),
  "GET /get-artifact": needs("viewer", run),
  "GET metrics/get-history": needs("viewer", run),
  "GET metrics/get-history-bulk": needs("viewer", runs("run_id")),
  "GET metrics/get-history-bulk-interval": needs("viewer", runs("run_ids")),

  "POST registered-models/create": needs("editor", newModel),
  "GET registered-models/get": readModel,
  "GET registered-models/search": "known",
  "POST registered-models/search": "known",
  "GET registered-models/get-latest-versions": readModel,
  "POST registered-models/get-latest-versions": readModel,
  "GET registered-models/alias": readModel,
  "POST registered-models/rename": needs("editor", model, renamedModel),
  "PATCH registered-models/update": editModel,
  "DELETE registered-models/delete": editModel,
  "POST registered-models/set-tag": needs("editor", model, taggedModel),
  "DELETE registered-models/delete-tag": needs("editor", model, untaggedModel),
  "POST registered-models/alias": editModel,
  "DELETE registered-models/alias": editModel,
  "POST model-versions/create": [
    ...editModel,
    { role: "viewer", on: [ifGiven("run_id", runs("run_id")), loggedModel, versionSource] },
  ],
  "GET model-versions/get": readModel,
  "GET model-versions/search": "known",
  "GET model-versions/get-download-uri": readModel,
  "GET /model-versions/get-artifact": readModel,
  "PATCH model-versions/update": editModel,
  "DELETE model-versions/delete": editModel,
  "POST model-versions/transition-stage": editModel,
  "POST model-versions/set-tag": editModel,
  "DELETE model-versions/delete-tag": editModel,

  "POST logged-models": [
    ...editExperiment,
    { role: "viewer", on: [ifGiven("source_run_id", runs("source_run_id"))] },
  ],
  "POST logged-models/search": "known",
  "GET logged-models/:model_id": readLoggedModel,
  "PATCH logged-models/:model_id": editLoggedModel,
  "DELETE logged-models/:model_id": editLoggedModel,
  "POST logged-models/:model_id/params": editLoggedModel,
  "PATCH logged-models/:model_id/tags": editLoggedModel,
  "DELETE logged-models/:model_id/tags/:tag_key": editLoggedModel,
  "GET logged-models/:model_id/artifacts/directories": readLoggedModel,
  "GET logged-models/:model_id/artifacts/files": readLoggedModel,

  "GET mlflow-artifacts/artifacts": needs("viewer", proxied("path", { all: true })),
  "GET mlflow-artifacts/artifacts/*": needs("viewer", proxied("*")),
  "PUT mlflow-artifacts/artifacts/*": needs("editor", proxied("*")),
  "DELETE mlflow-artifacts/artifacts/*": needs("editor", proxied("*", { all: true })),
  "POST mlflow-artifacts/mpu/create/*": needs("editor", proxied("*")),
  "POST mlflow-artifacts/mpu/complete/*": needs("editor", proxied("*")),
  "POST mlflow-artifacts/mpu/abort/*": needs("editor", proxied("*")),
  "PUT mlflow-artifacts/mpu/part/:upload/:part": needs("editor", upload),

  // Webhooks hear of every application, and their addresses may hold secrets.
  "POST webhooks": onServer,
  "GET webhooks": onServer,
  "GET webhooks/:webhook_id": onServer,
  "PATCH webhooks/:webhook_id": onServer,
  "DELETE webhooks/:webhook_id": onServer,
  "POST webhooks/:webhook_id/test": onServer,
  // What a query asks for is judged piece by piece, as the routes that it stands for.
  "POST /graphql": "known",
  "POST graphql": "known",

  "GET /api/2.0/scanflow/audit": onServer,
  "POST /api/2.0/scanflow/purge": onServer,
  "POST /api/2.0/scanflow/gc": onServer,
  "POST /api/2.0/scanflow/ledger": onServer,
  "GET /api/2.0/scanflow/registry/history": "known",
  "GET /api/2.0/scanflow/registry/signature": readModel,
};

/** What a rule asks, in words: `viewer` is a role on what the request concerns. */
export function ruleText(rule: Rule | undefined): string {
  if (rule === undefined) return "refused";
  if (typeof rule === "string") return rule;
  return rule.map(({ role, on }) => (on.includes(server) ? `${role} of everything` : role)).join(", ");
}

const protocol = /^\/(?:ajax-)?api\/2\.0\/(?:mlflow\/|(?=mlflow-artifacts\/))/;

/** The rule of a route of Fastify; undefined when it has none, and nobody may pass. */
export function ruleOf(method: string, url: string): Rule | undefined {
  const path = url.replace(protocol, "");
  const row = `${method === "HEAD" ? "GET" : method} ${path}`;
  if (Object.hasOwn(accessTable, row)) return accessTable[row];
  // These answer that there is no such route.
  return notFoundRoutes.has(path) ? "known" : undefined;
}

const notFoundRoutes = new Set(["*", "mlflow-artifacts/*", "/api/3.0/mlflow/*", "/ajax-api/3.0/mlflow/*"]);

/** Whether a request by this rule may change anything: then it stands in the audit. */
export function changes(rule: Rule): boolean {
  return Array.isArray(rule) && rule.some(({ role }) => role !== "viewer");
}
