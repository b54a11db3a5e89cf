import type { KeyValue } from "../context.ts";
import { decodings } from "../locations/decodings.ts";
import { invalid, missing } from "../refusal.ts";
import type { Lifecycle } from "../runs/run.ts";
import { characters, limits } from "../validation/limits.ts";
import { checkLength } from "../validation/names.ts";

/** Times are in milliseconds since 1970. */
export interface Experiment {
  readonly experimentId: string;
  readonly name: string;
  readonly artifactLocation: string;
  readonly lifecycle: Lifecycle;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly tags: readonly KeyValue[];
}

/** A row of `tracking_experiments`. */
export interface ExperimentRow {
  readonly id: number;
  readonly name: string;
  readonly artifact_location: string;
  readonly lifecycle: Lifecycle;
  readonly created_ms: number;
  readonly updated_ms: number;
}

export const experimentColumns = "e.id, e.name, e.artifact_location, e.lifecycle, e.created_ms, e.updated_ms";

export function toExperiment(row: ExperimentRow, tags: readonly KeyValue[]): Experiment {
  return {
    experimentId: String(row.id),
    name: row.name,
    artifactLocation: row.artifact_location,
    lifecycle: row.lifecycle,
    createdMs: row.created_ms,
    updatedMs: row.updated_ms,
    tags,
  };
}

/** Ids are whole numbers, written as text; an empty one means the default experiment. */
export function parseExperimentId(experimentId: string): number {
  const digits = experimentId.trim();
  const id = Number(digits);
  if (/^(-?\d+)?$/.test(digits) && Number.isSafeInteger(id)) return id;
  throw invalid(`Invalid experiment ID '${experimentId}'. Experiment ID must be a valid integer.`);
}

export function experimentMissing(experimentId: string): Error {
  return missing(`No Experiment with id=${experimentId} exists`);
}

export function checkExperimentName(name: string): void {
  if (name === "") throw invalid("Invalid experiment name: ''");
  checkLength(name, limits.experimentName, "name");
}

/**
 * A location is a URI without query, fragment or `..`. Those of `mlflow-artifacts:` are served by this
 * server; any other is for the clients, who write there themselves: the server never opens it.
 */
export function checkArtifactLocation(location: string): void {
  if (characters(location) > limits.artifactLocation) {
    throw invalid(
      `Invalid artifact path length. The length of the artifact path cannot be greater than ${limits.artifactLocation} characters.`,
    );
  }
  if (location.startsWith("runs:")) {
    throw invalid(`Artifact location cannot be a runs:/ URI. Given: '${location}'`);
  }
  if (/[#?;]/.test(location)) {
    throw invalid("'artifact_location' URL can't include fragments or params.");
  }
  if (decodings(location).some((form) => form.split(/[/\\]/).includes(".."))) {
    throw invalid(`Invalid artifact_location: '${location}'. It must not lead to a parent folder.`);
  }
}
