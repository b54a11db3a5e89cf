import { z } from "zod";
import { invalid } from "../refusal.ts";
import { deleteAlias, setAlias, versionByAlias } from "../registry/aliases.ts";
import {
  createModel,
  deleteModel,
  deleteModelTag,
  describeModel,
  getModel,
  renameModel,
  setModelTag,
  withHomeTag,
} from "../registry/models.ts";
import { searchModels, searchVersions } from "../registry/search-registry.ts";
import { resolveSource } from "../registry/source.ts";
import { latestVersions, transitionStage } from "../registry/stages.ts";
import {
  createVersion,
  deleteVersion,
  deleteVersionTag,
  describeVersion,
  getVersion,
  setVersionTag,
} from "../registry/versions.ts";
import type { TrackingContext } from "../tracking.ts";
import {
  holdsPrompts,
  isPrompt,
  type LabelChange,
  labelChanged,
  modelCreated,
  versionCreated,
} from "../webhooks/registry-events.ts";
import { flag, keyValue, list, optional, required, text, whole } from "./fields.ts";
import { modelJson, versionJson } from "./json/registry-json.ts";
import { filled } from "./json/run-json.ts";
import { type Route, refuseField, route } from "./route.ts";

const search = { filter: text, max_results: optional(whole), order_by: list(z.string()), page_token: text };
const version = { name: required, version: z.union([required, z.number().int().transform(String)]) };

function pageSize(maxResults: number, most: number): number {
  if (maxResults > most) throw refuseField("max_results", maxResults);
  if (maxResults >= 1) return maxResults;
  throw invalid(`Invalid value for max_results. It must be a positive integer, but got ${maxResults}`);
}

/** Does it, and puts down for webhooks that it was done. */
async function label(
  context: TrackingContext,
  change: LabelChange,
  act: (context: TrackingContext) => Promise<void>,
): Promise<void> {
  const told = labelChanged(await holdsPrompts(context, change.data.name), change);
  await context.outbox.along(context, told ? [told] : [], act);
}

const modelRoutes: readonly Route[] = [
  route(
    "POST registered-models/create",
    { name: required, tags: list(keyValue), description: text },
    async (context, input) => {
      const start = { ...input, tags: withHomeTag(context, input) };
      const model = await context.outbox.along(context, [modelCreated(start)], (telling) =>
        createModel(telling, start),
      );
      return { registered_model: modelJson(model) };
    },
  ),
  route("GET registered-models/get", { name: required }, async (context, { name }) => ({
    registered_model: modelJson(await getModel(context, name)),
  })),
  route("POST registered-models/rename", { name: required, new_name: required }, async (context, input) => ({
    registered_model: modelJson(await renameModel(context, input.name, input.new_name)),
  })),
  route("PATCH registered-models/update", { name: required, description: text }, async (context, input) => ({
    registered_model: modelJson(await describeModel(context, input.name, input.description ?? "")),
  })),
  route("DELETE registered-models/delete", { name: required }, (context, { name }) =>
    deleteModel(context, name),
  ),
  // R posts its search.
  route("GET|POST registered-models/search", search, async (context, input) => {
    const { items, nextPageToken } = await searchModels(context, {
      filter: input.filter ?? "",
      maxResults: pageSize(input.max_results ?? 100, 1000),
      orderBy: input.order_by,
      pageToken: input.page_token,
    });
    return { registered_models: filled(items.map(modelJson)), next_page_token: nextPageToken };
  }),
  route(
    "GET|POST registered-models/get-latest-versions",
    { name: required, stages: list(z.string()) },
    async (context, { name, stages }) => ({
      model_versions: filled((await latestVersions(context, name, stages)).map(versionJson)),
    }),
  ),
  route(
    "POST registered-models/set-tag",
    { name: required, key: required, value: text },
    (context, { name, key, value = "" }) =>
      label(context, { of: "tag", action: "set", data: { name, key, value } }, (telling) =>
        setModelTag(telling, name, { key, value }),
      ),
  ),
  route("DELETE registered-models/delete-tag", { name: required, key: required }, (context, { name, key }) =>
    label(context, { of: "tag", action: "deleted", data: { name, key } }, (telling) =>
      deleteModelTag(telling, name, key),
    ),
  ),
  route("POST registered-models/alias", { ...version, alias: required }, (context, input) =>
    label(context, { of: "alias", action: "created", data: input }, (telling) => setAlias(telling, input)),
  ),
  route("GET registered-models/alias", { name: required, alias: required }, async (context, input) => ({
    model_version: versionJson(await versionByAlias(context, input.name, input.alias)),
  })),
  route("DELETE registered-models/alias", { name: required, alias: required }, (context, { name, alias }) =>
    label(context, { of: "alias", action: "deleted", data: { name, alias } }, (telling) =>
      deleteAlias(telling, name, alias),
    ),
  ),
];

const versionRoutes: readonly Route[] = [
  route(
    "POST model-versions/create",
    {
      name: required,
      source: required,
      run_id: text,
      run_link: text,
      description: text,
      model_id: text,
      tags: list(keyValue),
    },
    async (context, input) => {
      const runId = input.run_id || undefined;
      const modelId = input.model_id || undefined;
      const asked = { source: input.source, runId, modelId, ofPrompt: isPrompt(input.tags) };
      const resolved = await resolveSource(context, context.index, asked);
      const { name, run_link: runLink, description, tags } = input;
      const start = { ...resolved, name, runLink, description, tags };
      const created = await context.outbox.along(context, [versionCreated(start)], (telling) =>
        createVersion(telling, start),
      );
      return { model_version: versionJson(created) };
    },
  ),
  route("GET model-versions/get", version, async (context, input) => ({
    model_version: versionJson(await getVersion(context, input.name, input.version)),
  })),
  route("PATCH model-versions/update", { ...version, description: text }, async (context, input) => ({
    model_version: versionJson(await describeVersion(context, { ...input, description: input.description })),
  })),
  route("DELETE model-versions/delete", version, (context, input) =>
    deleteVersion(context, input.name, input.version),
  ),
  route("GET model-versions/search", search, async (context, input) => {
    const { items, nextPageToken } = await searchVersions(context, {
      filter: input.filter ?? "",
      maxResults: pageSize(input.max_results ?? 10_000, 200_000),
      orderBy: input.order_by,
      pageToken: input.page_token,
    });
    return { model_versions: filled(items.map(versionJson)), next_page_token: nextPageToken };
  }),
  route("GET model-versions/get-download-uri", version, async (context, input) => ({
    artifact_uri: (await getVersion(context, input.name, input.version)).storageLocation,
  })),
  route(
    "POST model-versions/transition-stage",
    { ...version, stage: required, archive_existing_versions: flag },
    async (
      context,
      { name, version: number, stage, archive_existing_versions: archiveExisting = false },
    ) => ({
      model_version: versionJson(
        await transitionStage(context, { name, version: number, stage, archiveExisting }),
      ),
    }),
  ),
  route(
    "POST model-versions/set-tag",
    { ...version, key: required, value: text },
    (context, { key, value = "", ...place }) =>
      label(context, { of: "version_tag", action: "set", data: { ...place, key, value } }, (telling) =>
        setVersionTag(telling, { ...place, tag: { key, value } }),
      ),
  ),
  route("DELETE model-versions/delete-tag", { ...version, key: required }, (context, input) =>
    label(context, { of: "version_tag", action: "deleted", data: input }, (telling) =>
      deleteVersionTag(telling, input),
    ),
  ),
];

export const registryRoutes: readonly Route[] = [...modelRoutes, ...versionRoutes];
