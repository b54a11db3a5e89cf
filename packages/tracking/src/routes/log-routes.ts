import { z } from "zod";
import type { KeyValue } from "../context.ts";
import { type ModelMetric, writeModelMetrics } from "../logged-models/logged-models.ts";
import { bulkHistory, metricHistory, sampledHistory } from "../metrics/history.ts";
import type { Metric } from "../metrics/metric.ts";
import { invalid } from "../refusal.ts";
import {
  type Batch,
  checkBatchSize,
  explainOneParam,
  prepareBatch,
  writeBatch,
  writeGuarded,
} from "../runs/log-batch.ts";
import type { TrackingContext } from "../tracking.ts";
import { checkRunId } from "../validation/names.ts";
import { keyValue, list, optional, quick, real, required, runIdFields, text, whole } from "./fields.ts";
import { filled, metricJson } from "./json/run-json.ts";
import { type Route, refuseField, route, runIdOf } from "./route.ts";

const metricFields = {
  key: required,
  value: real,
  timestamp: whole,
  step: optional(whole),
  model_id: text,
  dataset_name: text,
  dataset_digest: text,
};
type MetricFields = z.infer<z.ZodObject<typeof metricFields>>;

function arePlainMetrics(value: unknown): boolean {
  return Array.isArray(value) && value.every(isPlainMetric);
}

/** Numbers as numbers and no field left empty, as the stock clients send points. */
function isPlainMetric(item: Record<string, unknown> | null): boolean {
  if (typeof item !== "object" || item === null || typeof item.key !== "string" || item.key === "")
    return false;
  const { value, timestamp, step = 0, model_id, dataset_name, dataset_digest } = item;
  return (
    Number.isFinite(value) &&
    Number.isSafeInteger(timestamp) &&
    Number.isSafeInteger(step) &&
    isText(model_id) &&
    isText(dataset_name) &&
    isText(dataset_digest)
  );
}

function isText(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

const mostRuns = 100;
const mostPoints = 2500;

export const logRoutes: readonly Route[] = [
  route(
    "POST runs/log-metric",
    { ...runIdFields, ...metricFields },
    {
      isPlain: (input) => isText(input.run_id) && isText(input.run_uuid) && isPlainMetric(input),
      answer: (context, input) => log(context, runIdOf(input), { metrics: [input], single: true }),
    },
  ),
  route("POST runs/log-parameter", { ...runIdFields, key: required, value: text }, (context, input) =>
    log(context, runIdOf(input), { params: [{ key: input.key, value: input.value ?? "" }], single: true }),
  ),
  route("POST runs/set-tag", { ...runIdFields, key: required, value: text }, (context, input) =>
    log(context, runIdOf(input), { tags: [{ key: input.key, value: input.value ?? "" }], single: true }),
  ),
  route(
    "POST runs/log-batch",
    {
      run_id: required,
      metrics: quick(list(z.object(metricFields)), arePlainMetrics),
      params: list(keyValue),
      tags: list(keyValue),
    },
    async (context, { run_id: runId, ...batch }) => {
      checkRunId(runId);
      checkBatchSize(batch);
      await log(context, runId, batch);
    },
  ),
  route(
    "GET metrics/get-history",
    { ...runIdFields, metric_key: required, max_results: optional(whole), page_token: text },
    async (context, input) => {
      const { metric_key: key, max_results: maxResults, page_token: pageToken } = input;
      if (maxResults !== undefined && maxResults <= 0) {
        throw invalid(
          `Invalid value ${maxResults} for parameter 'max_results' supplied. It must be a positive integer.`,
        );
      }
      const run = await context.index.get(runIdOf(input));
      const page = await metricHistory(context, run, { key, maxResults, pageToken });
      return { metrics: filled(page.items.map(metricJson)), next_page_token: page.nextPageToken };
    },
  ),
  route(
    "GET metrics/get-history-bulk",
    { run_id: list(z.string()), metric_key: text, max_results: optional(whole) },
    async (context, { run_id: runIds, metric_key: key, max_results: maxResults = 25_000 }) => {
      if (runIds.length === 0)
        throw invalid("GetMetricHistoryBulk request must specify at least one run_id.");
      if (runIds.length > mostRuns) {
        throw invalid(
          `GetMetricHistoryBulk request cannot specify more than ${mostRuns} run_ids. Received ${runIds.length} run_ids.`,
        );
      }
      if (key === undefined) throw invalid("GetMetricHistoryBulk request must specify a metric_key.");
      const most = Math.max(0, Math.min(maxResults, 25_000));
      const points = await bulkHistory(context, context.index, { runIds, key, maxResults: most });
      return { metrics: points.map((point) => ({ ...metricJson(point), run_id: point.runId })) };
    },
  ),
  route(
    "GET metrics/get-history-bulk-interval",
    {
      run_ids: list(z.string()),
      metric_key: required,
      start_step: optional(whole),
      end_step: optional(whole),
      max_results: optional(whole),
    },
    async (context, input) => {
      const { run_ids: runIds, metric_key: key, max_results: maxResults = mostPoints } = input;
      if (runIds.length === 0) throw refuseField("run_ids", undefined);
      const seeDocs = " See the API docs for more information about request parameters.";
      if (runIds.length > mostRuns) {
        throw invalid(
          `GetMetricHistoryBulkInterval request must specify at most ${mostRuns} run_ids. Received ${runIds.length} run_ids.${seeDocs}`,
        );
      }
      if (maxResults < 1 || maxResults > mostPoints) {
        throw invalid(`max_results must be between 1 and ${mostPoints}.${seeDocs}`);
      }
      const points = await sampledHistory(context, context.index, {
        runIds,
        key,
        maxResults,
        startStep: input.start_step,
        endStep: input.end_step,
      });
      return { metrics: filled(points.map((point) => ({ ...metricJson(point), run_id: point.runId }))) };
    },
  ),
];

interface Logged {
  readonly metrics?: readonly MetricFields[];
  readonly params?: readonly KeyValue[];
  readonly tags?: readonly KeyValue[];
  readonly single?: boolean;
}

async function log(context: TrackingContext, runId: string, { metrics = [], single, ...rest }: Logged) {
  for (const { dataset_name: name, dataset_digest: digest } of metrics) {
    if (!name === !digest) continue;
    throw invalid("Both dataset_name and dataset_digest must be provided if one is provided");
  }
  const batch: Batch = { ...rest, metrics: metrics.map(toMetric) };
  const prepared = prepareBatch(batch, single);
  const run = await context.index.get(runId);
  const unit = [...writeBatch(run, prepared), ...writeModelMetrics(modelMetrics(runId, metrics))];
  await writeGuarded(context, unit, single ? explainOneParam : undefined);
}

function toMetric({ key, value, timestamp, step = 0 }: MetricFields): Metric {
  return { key, value, timestampMs: timestamp, step };
}

/** Points that name the model they were measured of. */
function modelMetrics(runId: string, metrics: readonly MetricFields[]): ModelMetric[] {
  return metrics.flatMap((metric) => {
    const { model_id: modelId, dataset_name: datasetName, dataset_digest: datasetDigest } = metric;
    return modelId ? [{ ...toMetric(metric), modelId, datasetName, datasetDigest, runId }] : [];
  });
}
