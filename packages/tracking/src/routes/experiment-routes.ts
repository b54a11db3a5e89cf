import { z } from "zod";
import { searchDatasets } from "../datasets/search-datasets.ts";
import {
  createExperiment,
  deleteExperiment,
  deleteExperimentTag,
  getExperiment,
  getExperimentByName,
  renameExperiment,
  restoreExperiment,
  setExperimentTag,
} from "../experiments/experiments.ts";
import { searchExperiments } from "../experiments/search-experiments.ts";
import { invalid } from "../refusal.ts";
import { keyValue, list, optional, required, text, viewType, whole } from "./fields.ts";
import { experimentJson, filled } from "./json/run-json.ts";
import { type Route, route } from "./route.ts";

const mostResults = 50_000;

/** A page size, in the protocol's words when it is none. */
export function checkMaxResults(maxResults: number | undefined): number {
  const said = `Invalid value ${maxResults ?? "None"} for parameter 'max_results' supplied.`;
  if (maxResults === undefined || maxResults < 1) throw invalid(`${said} It must be a positive integer`);
  if (maxResults > mostResults) throw invalid(`${said} It must be at most ${mostResults}`);
  return maxResults;
}

export const experimentRoutes: readonly Route[] = [
  route(
    "POST experiments/create",
    { name: required, artifact_location: text, tags: list(keyValue) },
    async (context, { name, artifact_location: artifactLocation, tags }) => ({
      experiment_id: await createExperiment(context, { name, artifactLocation, tags }),
    }),
  ),
  route("GET experiments/get", { experiment_id: required }, async (context, input) => ({
    experiment: experimentJson(await getExperiment(context, input.experiment_id)),
  })),
  route("GET experiments/get-by-name", { experiment_name: required }, async (context, input) => ({
    experiment: experimentJson(await getExperimentByName(context, input.experiment_name)),
  })),
  route(
    "GET|POST experiments/search",
    {
      filter: text,
      view_type: viewType,
      max_results: optional(whole),
      order_by: list(z.string()),
      page_token: text,
    },
    async (context, input) => {
      const { items, nextPageToken } = await searchExperiments(context, {
        filter: input.filter ?? "",
        viewType: input.view_type ?? "ACTIVE_ONLY",
        maxResults: checkMaxResults(input.max_results ?? 0),
        orderBy: input.order_by,
        pageToken: input.page_token,
      });
      return { experiments: filled(items.map(experimentJson)), next_page_token: nextPageToken };
    },
  ),
  route("POST experiments/delete", { experiment_id: required }, (context, input) =>
    deleteExperiment(context, input.experiment_id),
  ),
  route("POST experiments/restore", { experiment_id: required }, (context, input) =>
    restoreExperiment(context, input.experiment_id),
  ),
  route("POST experiments/update", { experiment_id: required, new_name: required }, (context, input) =>
    renameExperiment(context, input.experiment_id, input.new_name),
  ),
  route(
    "POST experiments/set-experiment-tag",
    { experiment_id: required, key: required, value: text },
    (context, { experiment_id: experimentId, key, value = "" }) =>
      setExperimentTag(context, experimentId, { key, value }),
  ),
  route(
    "POST experiments/delete-experiment-tag",
    { experiment_id: required, key: required },
    (context, input) => deleteExperimentTag(context, input.experiment_id, input.key),
  ),
  route("POST experiments/search-datasets", { experiment_ids: list(z.string()) }, async (context, input) => {
    if (input.experiment_ids.length === 0) {
      throw invalid("SearchDatasets request must specify at least one experiment_id.");
    }
    if (input.experiment_ids.length > 20) {
      throw invalid(
        `SearchDatasets request cannot specify more than 20 experiment_ids. Received ${input.experiment_ids.length} experiment_ids.`,
      );
    }
    const summaries = await searchDatasets(context, input.experiment_ids);
    return {
      dataset_summaries: filled(
        summaries.map(({ experimentId, ...rest }) => ({ experiment_id: experimentId, ...rest })),
      ),
    };
  }),
];
