import type { Metric } from "../../metrics/metric.ts";
import type {
  ExperimentRecord,
  LoggedModelRecord,
  ModelRecord,
  RunRecord,
  VersionRecord,
} from "../records.ts";
import type {
  ExperimentAnswer,
  LoggedModelAnswer,
  PointAnswer,
  RegisteredModelAnswer,
  RunAnswer,
  VersionAnswer,
} from "./answers.ts";

export function experimentRecord(answer: ExperimentAnswer): ExperimentRecord {
  const createdMs = answer.creation_time ?? 0;
  return {
    experimentId: answer.experiment_id,
    name: answer.name,
    artifactLocation: answer.artifact_location,
    lifecycle: answer.lifecycle_stage,
    createdMs,
    updatedMs: answer.last_update_time ?? createdMs,
    tags: answer.tags,
  };
}

/** The protocol does not say when a run was deleted. */
export function runRecord({ info, data, inputs, outputs }: RunAnswer, metrics: readonly Metric[]): RunRecord {
  return {
    runId: info.run_id,
    name: info.run_name,
    userId: info.user_id,
    status: info.status,
    startMs: info.start_time ?? null,
    endMs: info.end_time ?? null,
    lifecycle: info.lifecycle_stage,
    deletedMs: null,
    artifactUri: info.artifact_uri,
    params: data.params,
    tags: data.tags,
    metrics,
    latest: data.metrics.map(metricOf),
    datasets: inputs.dataset_inputs.map(({ tags, dataset }) => ({
      name: dataset.name,
      digest: dataset.digest,
      sourceType: dataset.source_type,
      source: dataset.source,
      schema: dataset.schema,
      profile: dataset.profile,
      tags,
    })),
    models: [
      ...inputs.model_inputs.map(({ model_id }) => ({ modelId: model_id, role: "input" as const, step: 0 })),
      ...outputs.model_outputs.map(({ model_id, step }) => ({
        ...{ modelId: model_id, role: "output" as const, step },
      })),
    ],
  };
}

export function metricOf({ key, value, timestamp, step }: PointAnswer): Metric {
  return { key, value, timestampMs: timestamp, step };
}

/** Servers show no deleted ones. */
export function loggedModelRecord({ info, data }: LoggedModelAnswer): LoggedModelRecord {
  return {
    modelId: info.model_id,
    name: info.name,
    modelType: info.model_type || null,
    sourceRunId: info.source_run_id || null,
    artifactUri: info.artifact_uri,
    status: info.status,
    statusMessage: info.status_message || null,
    lifecycle: "active",
    createdMs: info.creation_timestamp_ms,
    updatedMs: info.last_updated_timestamp_ms ?? info.creation_timestamp_ms,
    params: data.params,
    tags: info.tags,
    metrics: data.metrics.map((point) => ({
      ...metricOf(point),
      modelId: info.model_id,
      runId: point.run_id,
      datasetName: point.dataset_name,
      datasetDigest: point.dataset_digest,
    })),
  };
}

export function modelRecord(answer: RegisteredModelAnswer, versions: readonly VersionRecord[]): ModelRecord {
  const createdMs = answer.creation_timestamp ?? 0;
  return {
    name: answer.name,
    description: answer.description ?? null,
    createdMs,
    updatedMs: answer.last_updated_timestamp ?? createdMs,
    tags: answer.tags,
    versions,
  };
}

export function versionRecord(
  answer: VersionAnswer,
  { place, aliases }: { place: string; aliases: RegisteredModelAnswer["aliases"] },
): VersionRecord {
  const createdMs = answer.creation_timestamp ?? 0;
  return {
    version: answer.version,
    description: answer.description ?? null,
    userId: answer.user_id || null,
    source: answer.source,
    storageLocation: place === "" ? null : place,
    runId: answer.run_id || null,
    runLink: answer.run_link || null,
    status: answer.status,
    statusMessage: answer.status_message || null,
    stage: answer.current_stage,
    createdMs,
    updatedMs: answer.last_updated_timestamp ?? createdMs,
    tags: answer.tags,
    aliases: aliases.filter(({ version }) => version === answer.version).map(({ alias }) => alias),
  };
}
