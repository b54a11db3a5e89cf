import type { JsonObject, JsonValue, WorkflowDocument } from "@scanflow/core";

/**
 * One workflow of the conformance table, as data: what runs, and how it has to end on every platform. Its steps are
 * commands of a few words that any image with a POSIX shell can run.
 */
export interface Case {
  /** Of its main workflow, and of its row in the table. */
  readonly name: string;
  /** The behaviour that its row stands for, in a few words. */
  readonly shows: string;
  readonly workflow: WorkflowDocument;
  /** Workflows that it nests, by name. */
  readonly nested?: Readonly<Record<string, WorkflowDocument>>;
  readonly params?: JsonObject;
  /** What a person says to each approval. */
  readonly answers?: Readonly<Record<string, boolean>>;
  readonly ends: Ends;
}

export interface Ends {
  readonly run: "succeeded" | "failed";
  /** How every task that does work or asks a person ends; with the number of its attempts when it is not the usual one. */
  readonly tasks: Readonly<Record<string, TaskEnd | readonly [TaskEnd, number]>>;
  /** Contents of artifacts, as `task.output`; null: it was not written. */
  readonly outputs?: Readonly<Record<string, Content | null>>;
  /** What tasks wrote as their results. */
  readonly results?: Readonly<Record<string, JsonObject>>;
  /** How many tasks whose ids begin so may run at once. */
  readonly atOnce?: Readonly<Record<string, number>>;
}

export type TaskEnd = "succeeded" | "failed" | "skipped" | "upstream-failed";

/** Text of a file, or the digest of any artifact, or the files of a folder. */
export type Content =
  | string
  | { readonly digest: string }
  | { readonly files: Readonly<Record<string, string>> };

/** What became of a case on a platform. */
export interface Ended {
  readonly run: string;
  readonly tasks: Readonly<Record<string, EndedTask>>;
}

export interface EndedTask {
  readonly status: string;
  readonly attempts: number;
  readonly result: Readonly<Record<string, JsonValue>>;
  /** Milliseconds since the epoch; null: it never began. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly outputs: Readonly<Record<string, Content>>;
}
