import { z } from "zod";
import { listFolder } from "../locations/list.ts";
import { containedPath } from "../locations/path.ts";
import { containedRoot } from "../locations/root.ts";
import {
  createLoggedModel,
  deleteLoggedModel,
  deleteLoggedModelTag,
  finalizeLoggedModel,
  getLoggedModel,
  logModelParams,
  modelStatuses,
  setLoggedModelTags,
} from "../logged-models/logged-models.ts";
import { searchLoggedModels } from "../logged-models/search-logged-models.ts";
import { invalid } from "../refusal.ts";
import { flag, keyValue, list, oneOf, optional, required, text, whole } from "./fields.ts";
import { filled, loggedModelJson } from "./json/run-json.ts";
import { type Route, refuseField, route } from "./route.ts";

const dataset = z.object({ dataset_name: required, dataset_digest: text });
const order = z.object({
  field_name: required,
  ascending: flag,
  dataset_name: text,
  dataset_digest: text,
});

export const loggedModelRoutes: readonly Route[] = [
  route(
    "POST logged-models",
    {
      experiment_id: required,
      name: text,
      model_type: text,
      source_run_id: text,
      params: list(keyValue),
      tags: list(keyValue),
    },
    async (context, input) => {
      const model = await createLoggedModel(context, {
        experimentId: input.experiment_id,
        name: input.name,
        modelType: input.model_type,
        sourceRunId: input.source_run_id,
        params: input.params,
        tags: input.tags,
      });
      return { model: loggedModelJson(model) };
    },
  ),
  route(
    "POST logged-models/search",
    {
      experiment_ids: list(z.string()),
      filter: text,
      datasets: list(dataset),
      max_results: optional(whole),
      order_by: list(order),
      page_token: text,
    },
    async (context, input) => {
      if (input.experiment_ids.length === 0) throw refuseField("experiment_ids", undefined);
      const { items, nextPageToken } = await searchLoggedModels(context, {
        experimentIds: input.experiment_ids,
        filter: input.filter ?? "",
        datasets: input.datasets.map((one) => ({
          datasetName: one.dataset_name,
          datasetDigest: one.dataset_digest,
        })),
        maxResults: Math.min(Math.max(input.max_results || 50, 1), 1000),
        orderBy: input.order_by.map((one) => ({
          fieldName: one.field_name,
          ascending: one.ascending ?? true,
          datasetName: one.dataset_name,
          datasetDigest: one.dataset_digest,
        })),
        pageToken: input.page_token,
      });
      return { models: filled(items.map(loggedModelJson)), next_page_token: nextPageToken };
    },
  ),
  route(
    "GET logged-models/:model_id",
    { model_id: required, allow_deleted: flag },
    async (context, input) => ({
      model: loggedModelJson(await getLoggedModel(context, input.model_id, input.allow_deleted)),
    }),
  ),
  route(
    "PATCH logged-models/:model_id",
    { model_id: required, status: oneOf(modelStatuses, 0) },
    async (context, input) => ({
      model: loggedModelJson(await finalizeLoggedModel(context, input.model_id, input.status)),
    }),
  ),
  route("DELETE logged-models/:model_id", { model_id: required }, (context, input) =>
    deleteLoggedModel(context, input.model_id),
  ),
  route(
    "POST logged-models/:model_id/params",
    { model_id: required, params: list(keyValue) },
    (context, input) => logModelParams(context, input.model_id, input.params),
  ),
  route(
    "PATCH logged-models/:model_id/tags",
    { model_id: required, tags: list(keyValue) },
    (context, input) => setLoggedModelTags(context, input.model_id, input.tags),
  ),
  route(
    "DELETE logged-models/:model_id/tags/:tag_key",
    { model_id: required, tag_key: required },
    (context, input) => deleteLoggedModelTag(context, input.model_id, input.tag_key),
  ),
  route(
    "GET logged-models/:model_id/artifacts/directories",
    { model_id: required, artifact_directory_path: text },
    async (context, input) => {
      const model = await getLoggedModel(context, input.model_id);
      const folder = containedPath(input.artifact_directory_path ?? "");
      const root = containedRoot(model.artifactUri);
      if (root === undefined) {
        throw invalid(`The artifacts of '${model.artifactUri}' are not served by this server.`);
      }
      const listed = await listFolder(context, folder === "" ? root : `${root}/${folder}`);
      const files = listed.map(({ name, isFolder, size }) => ({
        path: folder === "" ? name : `${folder}/${name}`,
        is_dir: isFolder,
        file_size: size,
      }));
      return { root_uri: model.artifactUri, files: filled(files) };
    },
  ),
];
