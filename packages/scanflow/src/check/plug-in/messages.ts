import type { JsonObject } from "@scanflow/checks";
import type { CheckInputs } from "../check-spec.ts";

/** What the thread of a plug-in is to do. */
export interface PlugInTask {
  readonly module: string;
  readonly name: string;
  readonly params: JsonObject;
  readonly inputs: Pick<CheckInputs, "current" | "reference" | "names" | "options" | "seed">;
}

/** What it answers: the verdict as JSON text, or what went wrong. */
export type PlugInAnswer =
  | { readonly kind: "answered"; readonly json: string }
  | { readonly kind: "not-a-checker"; readonly exports: readonly string[] }
  | { readonly kind: "threw"; readonly code: string | null; readonly message: string };
