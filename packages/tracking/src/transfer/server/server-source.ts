import { eachBounded } from "../../artifacts/bounded.ts";
import { containedRoot } from "../../locations/root.ts";
import type { Metric } from "../../metrics/metric.ts";
import type { ArtifactOwner, ModelRecord, TransferSource, VersionRecord } from "../records.ts";
import { answers, type RegisteredModelAnswer } from "./answers.ts";
import { pages } from "./pages.ts";
import { proxiedFiles } from "./proxied-files.ts";
import { quoted } from "./quoted.ts";
import { type Question, ServerClient } from "./server-client.ts";
import {
  experimentRecord,
  loggedModelRecord,
  metricOf,
  modelRecord,
  runRecord,
  versionRecord,
} from "./server-records.ts";
import type { ServerAddress } from "./server-url.ts";

/** Runs at once, and requests at once for each: a server that others work with is not to be swamped. */
const runsAtOnce = 4;
const requestsAtOnce = 2;

/** Runs a page; each comes with its params, tags and latest metrics. */
export const runsPerPage = 200;

/**
 * Reads what a running tracking server keeps, over the MLflow REST API (2.0). What the protocol does not tell, such as
 * deleted logged models and versions, is not there. Errors: SCANFLOW_TRANSFER_SERVER, _DENIED, _ARTIFACTS, _VALUE.
 */
export function openServerSource(address: ServerAddress, signal?: AbortSignal): TransferSource {
  const client = new ServerClient(address, { signal });
  return {
    atOnce: runsAtOnce,
    copies: (artifactUri) => containedRoot(artifactUri) !== undefined,
    experiments: async () => {
      const query = { view_type: "ALL", max_results: "1000" };
      const found = await all(client, {
        ...{ path: "mlflow/experiments/search", query, schema: answers.experiments },
        items: ({ experiments }) => experiments,
      });
      const byId = (id: { experimentId: string }) => Number(id.experimentId);
      return found.map(experimentRecord).sort((a, b) => byId(a) - byId(b));
    },
    runs: (experimentId) => listRuns(client, experimentId),
    run: async (runId) => {
      const { run } = await client.ask({
        ...{ path: "mlflow/runs/get", query: { run_id: runId }, schema: answers.run },
      });
      const histories: Metric[][] = [];
      const fetchKey = async (key: string) => {
        histories.push(await history(client, runId, key));
      };
      await eachBounded(
        run.data.metrics.map(({ key }) => key),
        fetchKey,
        requestsAtOnce,
      );
      return runRecord(run, histories.flat());
    },
    loggedModels: async (experimentId) => {
      const body = { experiment_ids: [experimentId], max_results: 50 };
      const found = await all(client, {
        ...{ path: "mlflow/logged-models/search", body, schema: answers.loggedModels, mayLack: true },
        items: ({ models }) => models,
      });
      return found.map(loggedModelRecord);
    },
    models: () => listModels(client),
    files: ({ artifactUri }) => proxiedFiles(client, artifactUri),
    close: () => {},
  };
}

interface Listing<A extends { next_page_token?: string | undefined }, T> extends Question<A> {
  readonly items: (answer: A) => readonly T[];
  /** Servers of before 3.0 have no such route. */
  readonly mayLack?: boolean;
}

/** The items of all pages. */
async function all<A extends { next_page_token?: string | undefined }, T>(
  client: ServerClient,
  { items, mayLack = false, ...question }: Listing<A, T>,
): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages(client, { ...question, mayLack })) found.push(...items(page));
  return found;
}

async function listRuns(client: ServerClient, experimentId: string): Promise<ArtifactOwner[]> {
  const body = {
    experiment_ids: [experimentId],
    run_view_type: "ALL",
    max_results: runsPerPage,
    order_by: ["attributes.start_time ASC"],
  };
  const found = new Map<string, ArtifactOwner>();
  for await (const { runs } of pages(client, {
    ...{ path: "mlflow/runs/search", body, schema: answers.runIds },
  })) {
    for (const { info } of runs) found.set(info.run_id, { id: info.run_id, artifactUri: info.artifact_uri });
  }
  return [...found.values()];
}

/** No `max_results`: servers of before 3.0 give no token for what is left then. */
async function history(client: ServerClient, runId: string, key: string): Promise<Metric[]> {
  const query = { run_id: runId, metric_key: key };
  const points: Metric[] = [];
  for await (const { metrics } of pages(client, {
    ...{ path: "mlflow/metrics/get-history", query, schema: answers.points },
  })) {
    for (const point of metrics) points.push(metricOf({ ...point, key }));
  }
  return points;
}

/** Prompts are registered models that a search without this filter leaves out. */
const filters = ["", "tags.`mlflow.prompt.is_prompt` = 'true'"];

async function listModels(client: ServerClient): Promise<ModelRecord[]> {
  const found = new Map<string, RegisteredModelAnswer>();
  for (const filter of filters) {
    const query = { max_results: "100", ...(filter === "" ? {} : { filter }) };
    const models = await all(client, {
      ...{ path: "mlflow/registered-models/search", query, schema: answers.models },
      items: ({ registered_models }) => registered_models,
    });
    for (const model of models) found.set(model.name, model);
  }
  const records: ModelRecord[] = [];
  for (const model of found.values()) records.push(modelRecord(model, await listVersions(client, model)));
  return records.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function listVersions(
  client: ServerClient,
  { name, aliases }: RegisteredModelAnswer,
): Promise<VersionRecord[]> {
  const query = { filter: `name = ${quoted(name)}`, max_results: "1000" };
  const found = await all(client, {
    ...{ path: "mlflow/model-versions/search", query, schema: answers.versions },
    items: ({ model_versions }) => model_versions,
  });
  const versions: VersionRecord[] = [];
  await eachBounded(
    found,
    async (version) => {
      const asked = { name, version: String(version.version) };
      const { artifact_uri } = await client.ask({
        ...{ path: "mlflow/model-versions/get-download-uri", query: asked, schema: answers.place },
      });
      versions.push(versionRecord(version, { place: artifact_uri, aliases }));
    },
    requestsAtOnce,
  );
  return versions.sort((a, b) => a.version - b.version);
}
