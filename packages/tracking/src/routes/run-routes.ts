import { z } from "zod";
import { logDatasets, logModels } from "../datasets/log-inputs.ts";
import { listFolder } from "../locations/list.ts";
import { containedPath } from "../locations/path.ts";
import { pathInRun } from "../locations/run-artifacts.ts";
import { recordLoggedModel } from "../runs/record-logged-model.ts";
import { runStatuses } from "../runs/run.ts";
import { createRun, deleteRun, deleteTag, getRun, restoreRun, updateRun } from "../runs/runs.ts";
import { searchRuns } from "../runs/search-runs.ts";
import { checkMaxResults } from "./experiment-routes.ts";
import { keyValue, list, oneOf, optional, required, runIdFields, text, viewType, whole } from "./fields.ts";
import { filled, newRunJson, runInfoJson, runJson } from "./json/run-json.ts";
import { type Route, refuseField, route, runIdOf } from "./route.ts";

const dataset = z.object({
  tags: list(keyValue),
  dataset: z.object({
    name: required,
    digest: required,
    source_type: required,
    source: required,
    schema: text,
    profile: text,
  }),
});

export const runRoutes: readonly Route[] = [
  route(
    "POST runs/create",
    {
      experiment_id: text,
      user_id: text,
      run_name: text,
      start_time: optional(whole),
      tags: list(keyValue),
    },
    async (context, input) => {
      const run = await createRun(context, {
        experimentId: input.experiment_id ?? "",
        userId: input.user_id ?? "",
        startTime: input.start_time ?? 0,
        name: input.run_name,
        tags: input.tags,
      });
      return { run: newRunJson(run) };
    },
  ),
  route("GET runs/get", runIdFields, async (context, input) => ({
    run: runJson(await getRun(context, runIdOf(input))),
  })),
  route(
    "POST runs/update",
    {
      ...runIdFields,
      status: optional(oneOf(runStatuses, 1)),
      end_time: optional(whole),
      run_name: text,
    },
    async (context, input) => {
      const { status, end_time: endTime, run_name: name } = input;
      const info = await updateRun(context, context.index, { runId: runIdOf(input), status, endTime, name });
      return { run_info: runInfoJson(info) };
    },
  ),
  route("POST runs/delete", { run_id: required }, (context, input) => deleteRun(context, input.run_id)),
  route("POST runs/restore", { run_id: required }, (context, input) => restoreRun(context, input.run_id)),
  route(
    "POST runs/search",
    {
      experiment_ids: list(z.string()),
      filter: text,
      run_view_type: viewType,
      max_results: optional(whole),
      order_by: list(z.string()),
      page_token: text,
    },
    async (context, input) => {
      const { max_results: maxResults = 1000 } = input;
      if (maxResults > 50_000) throw refuseField("max_results", maxResults);
      const { items, nextPageToken } = await searchRuns(context, {
        experimentIds: input.experiment_ids,
        filter: input.filter ?? "",
        viewType: input.run_view_type ?? "ACTIVE_ONLY",
        maxResults: checkMaxResults(maxResults),
        orderBy: input.order_by,
        pageToken: input.page_token,
      });
      return { runs: filled(items.map(runJson)), next_page_token: nextPageToken };
    },
  ),
  route("POST runs/delete-tag", { ...runIdFields, key: required }, (context, input) =>
    deleteTag(context, context.index, { runId: runIdOf(input), key: input.key }),
  ),
  route("POST runs/log-model", { ...runIdFields, model_json: required }, async (context, input) =>
    recordLoggedModel(context, context.index, {
      run: await context.index.get(runIdOf(input)),
      modelJson: input.model_json,
    }),
  ),
  route(
    "POST runs/log-inputs",
    { ...runIdFields, datasets: list(dataset), models: list(z.object({ model_id: required })) },
    async (context, input) => {
      const run = await context.index.get(runIdOf(input));
      const datasets = input.datasets.map((one) => ({
        ...one.dataset,
        schema: one.dataset.schema,
        profile: one.dataset.profile,
        sourceType: one.dataset.source_type,
        tags: one.tags,
      }));
      await logDatasets(context, context.index, { run, datasets });
      const models = input.models.map(({ model_id: modelId }) => ({ modelId, step: 0 }));
      if (models.length > 0) await logModels(context, context.index, { run, role: "input", models });
    },
  ),
  route(
    "POST runs/outputs",
    { ...runIdFields, models: list(z.object({ model_id: required, step: optional(whole) })) },
    async (context, input) => {
      const run = await context.index.get(runIdOf(input));
      const models = input.models.map(({ model_id: modelId, step = 0 }) => ({ modelId, step }));
      await logModels(context, context.index, { run, role: "output", models });
    },
  ),
  route("GET artifacts/list", { ...runIdFields, path: text }, async (context, input) => {
    const run = await context.index.get(runIdOf(input));
    const folder = containedPath(input.path ?? "");
    const listed = await listFolder(context, pathInRun(run, folder));
    const files = listed.map(({ name, isFolder, size }) => ({
      path: folder === "" ? name : `${folder}/${name}`,
      is_dir: isFolder,
      file_size: size,
    }));
    return { root_uri: run.artifactUri, files: filled(files) };
  }),
];
