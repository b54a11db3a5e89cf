import type { JsonObject } from "@scanflow/checks";
import type { DataOptions } from "../data/index.ts";

/** One check to be made. */
export interface CheckSpec {
  /** Of this check: for messages, and for its own stream of chance. */
  readonly name: string;
  /** A built-in by its name, a module by its path, or a command line. */
  readonly check: string;
  readonly params: JsonObject;
  /** Further files that it needs, such as a schema, by what it calls them. */
  readonly files: Readonly<Record<string, string>>;
}

/** What is judged, by what, and how it is read. */
export interface CheckInputs {
  readonly current: string;
  readonly reference: string | null;
  /** What messages call the two; default: their paths. */
  readonly names?: { readonly current?: string; readonly reference?: string | undefined } | undefined;
  readonly options: Pick<
    DataOptions,
    "columns" | "names" | "header" | "delimiter" | "nullText" | "trim" | "texts" | "query"
  >;
  /** The folder that paths of plug-ins are relative to (absolute). */
  readonly root: string;
  readonly seed: number;
  /** How long a plug-in may take. */
  readonly timeoutMs: number;
}
