import type { Experiment } from "../../experiments/experiment.ts";
import type { LoggedModel } from "../../logged-models/logged-models.ts";
import type { Metric } from "../../metrics/metric.ts";
import type { DatasetInput, Run, RunInfo } from "../../runs/run.ts";

/** JSON has no NaN. */
function realJson(value: number): number | string {
  return Number.isNaN(value) ? "NaN" : value;
}

export function metricJson({ key, value, timestampMs, step }: Metric) {
  return { key, value: realJson(value), timestamp: timestampMs, step };
}

export function runInfoJson(info: RunInfo) {
  return {
    run_uuid: info.runId,
    experiment_id: info.experimentId,
    run_name: info.name,
    user_id: info.userId,
    status: info.status,
    start_time: info.startTime,
    // Zero is no time.
    end_time: info.endTime || undefined,
    artifact_uri: info.artifactUri,
    lifecycle_stage: info.lifecycle,
    run_id: info.runId,
  };
}

export function runJson(run: Run) {
  return {
    info: runInfoJson(run.info),
    data: {
      metrics: filled(run.metrics.map(metricJson)),
      params: filled(run.params),
      tags: filled(run.tags),
    },
    inputs: {
      dataset_inputs: filled(run.datasets.map(datasetJson)),
      model_inputs: filled(run.modelInputs.map((modelId) => ({ model_id: modelId }))),
    },
    outputs: {
      model_outputs: filled(run.modelOutputs.map(({ modelId, step }) => ({ model_id: modelId, step }))),
    },
  };
}

/** A run that was made just now: it cannot have an output. */
export function newRunJson(run: Run) {
  return { ...runJson(run), outputs: undefined };
}

export function experimentJson(experiment: Experiment) {
  return {
    experiment_id: experiment.experimentId,
    name: experiment.name,
    artifact_location: experiment.artifactLocation,
    lifecycle_stage: experiment.lifecycle,
    last_update_time: experiment.updatedMs,
    creation_time: experiment.createdMs,
    tags: filled(experiment.tags),
  };
}

export function loggedModelJson(model: LoggedModel) {
  return {
    info: {
      model_id: model.modelId,
      experiment_id: model.experimentId,
      name: model.name,
      creation_timestamp_ms: model.createdMs,
      last_updated_timestamp_ms: model.updatedMs,
      artifact_uri: model.artifactUri,
      status: model.status,
      model_type: model.modelType ?? "",
      source_run_id: model.sourceRunId ?? "",
      status_message: model.statusMessage,
      tags: filled(model.tags),
    },
    data: {
      params: filled(model.params),
      metrics: filled(
        model.metrics.map((metric) => ({
          ...metricJson(metric),
          dataset_name: metric.datasetName,
          dataset_digest: metric.datasetDigest,
          model_id: metric.modelId,
          run_id: metric.runId,
        })),
      ),
    },
  };
}

function datasetJson({ tags, name, digest, sourceType, source, schema, profile }: DatasetInput) {
  return { tags: filled(tags), dataset: { name, digest, source_type: sourceType, source, schema, profile } };
}

/** An empty list is left out, as every field without a value is. */
export function filled<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}
