import type { TrackingErrorCode } from "../errors.ts";
import type { PackedRows } from "./packed-rows.ts";
import type { Migration, SqlValue, Statement } from "./statement.ts";

/** What the main thread and the database threads say to each other. */
export type Request =
  | { readonly kind: "write"; readonly units: readonly (readonly WireStatement[])[] }
  | { readonly kind: "read"; readonly queries: readonly WireQuery[] }
  | { readonly kind: "checkpoint" }
  | { readonly kind: "compact" }
  | { readonly kind: "close" };

/** A statement whose rows may be packed. */
export interface WireStatement extends Statement {
  readonly packed?: PackedRows;
}

export interface WireQuery {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

/** Rows travel as arrays beside one list of column names: a third of the cost of cloning objects. */
export interface WireRows {
  readonly columns: readonly string[];
  readonly cells: readonly (readonly SqlValue[])[];
}

export interface WireResult {
  readonly changes: number;
  readonly rows?: WireRows;
}

export interface WireError {
  readonly code: TrackingErrorCode;
  readonly message: string;
  readonly tag?: string;
  readonly rows?: WireRows;
}

export type WireOutcome = { readonly results: readonly WireResult[] } | { readonly error: WireError };

export type Reply =
  | { readonly call: number; readonly value: unknown }
  | { readonly call: number; readonly error: WireError };

/** `workerData` of a database thread. */
export interface WorkerSetup {
  readonly location: string;
  readonly role: "writer" | "reader";
  readonly durability: "process" | "power";
  readonly busyTimeoutMs: number;
  readonly cacheBytes: number;
  readonly mapBytes: number;
  readonly migrations: readonly Migration[];
}
