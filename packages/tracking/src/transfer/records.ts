import type { FolderEntry } from "../artifacts/index.ts";
import type { KeyValue } from "../context.ts";
import type { ModelMetric } from "../logged-models/logged-models.ts";
import type { Metric } from "../metrics/metric.ts";
import type { DatasetInput, Lifecycle, RunStatus } from "../runs/run.ts";

/** An experiment elsewhere. Times here and below are in milliseconds since 1970. */
export interface ExperimentRecord {
  readonly experimentId: string;
  readonly name: string;
  readonly artifactLocation: string;
  readonly lifecycle: Lifecycle;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly tags: readonly KeyValue[];
}

/** A file of a run or a model elsewhere. */
export interface FileRecord {
  /** Relative to the artifacts that it is of. */
  readonly path: string;
  readonly open: () => AsyncIterable<Uint8Array>;
  /** Where it is known beforehand; what is read must have it. */
  readonly digest?: string;
  /** Bytes; known with the digest. */
  readonly size?: number;
}

/** A folder that was stored as a whole: it keeps its digest, and so links, empty folders and executable files. */
export interface FolderRecord {
  readonly path: string;
  readonly digest: string;
  readonly size: number;
  readonly entries: readonly FolderEntry[];
  /** A file of it, by its digest. */
  readonly open: (digest: string) => AsyncIterable<Uint8Array>;
}

/** A run elsewhere with all that was logged to it. */
export interface RunRecord {
  readonly runId: string;
  readonly name: string;
  readonly userId: string;
  readonly status: RunStatus;
  readonly startMs: number | null;
  readonly endMs: number | null;
  readonly lifecycle: Lifecycle;
  readonly deletedMs: number | null;
  readonly artifactUri: string;
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
  /** Every point. */
  readonly metrics: readonly Metric[];
  /** One point a key. */
  readonly latest: readonly Metric[];
  readonly datasets: readonly DatasetInput[];
  readonly models: readonly ModelUse[];
}

/** That a run read or made a logged model. */
export interface ModelUse {
  readonly modelId: string;
  readonly role: "input" | "output";
  readonly step: number;
}

export interface LoggedModelRecord {
  readonly modelId: string;
  readonly name: string;
  readonly modelType: string | null;
  readonly sourceRunId: string | null;
  readonly artifactUri: string;
  /** As the protocol numbers them, 0 to 3. */
  readonly status: number;
  readonly statusMessage: string | null;
  readonly lifecycle: Lifecycle;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
  readonly metrics: readonly ModelMetric[];
}

export interface VersionRecord {
  readonly version: number;
  readonly description: string | null;
  readonly userId: string | null;
  readonly source: string;
  readonly storageLocation: string | null;
  readonly runId: string | null;
  readonly runLink: string | null;
  readonly status: string;
  readonly statusMessage: string | null;
  readonly stage: string;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly tags: readonly KeyValue[];
  readonly aliases: readonly string[];
}

export interface ModelRecord {
  readonly name: string;
  readonly description: string | null;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly tags: readonly KeyValue[];
  readonly versions: readonly VersionRecord[];
}

/** A run or a logged model, and where its artifacts lie. */
export interface ArtifactOwner {
  readonly id: string;
  readonly artifactUri: string;
}

/** Where runs are taken from. */
export interface TransferSource {
  /** How many runs may be read at once. */
  readonly atOnce: number;
  /** Whether the files below an artifact URI can be read; others stay where they are, such as in S3. */
  copies(artifactUri: string): boolean;
  experiments(): Promise<readonly ExperimentRecord[]>;
  /** All runs of an experiment, deleted ones too. */
  runs(experimentId: string): Promise<readonly ArtifactOwner[]>;
  run(runId: string): Promise<RunRecord>;
  loggedModels(experimentId: string): Promise<readonly LoggedModelRecord[]>;
  models(): Promise<readonly ModelRecord[]>;
  /** The files of a run or a logged model whose artifacts it `copies`. */
  files(owner: ArtifactOwner): AsyncIterable<FileRecord | FolderRecord>;
  close(): void;
}
