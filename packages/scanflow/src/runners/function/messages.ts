import type { JsonObject, JsonValue } from "@scanflow/core";
import type { NativeWork } from "../../native-work.ts";

/** What a thread for steps is given when it starts. */
export interface StepWorkerData {
  readonly ring: SharedArrayBuffer;
  readonly native: NativeWork["states"];
}

/** To the thread. */
export type ToStep = StepTask | { readonly kind: "abort" };

export interface StepTask {
  readonly kind: "task";
  /** Absolute path of the module, and the name of the function that it exports. */
  readonly module: string;
  readonly export: string;
  readonly root: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly params: JsonObject;
  readonly item: JsonValue;
  readonly checkpoint: string;
  /** On top of the thread's own environment. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** From the thread. `drain`: the ring is full. */
export type FromStep = { readonly kind: "ready" } | { readonly kind: "drain" } | StepEnd;

/** What an error with a code of ours says. */
export interface CodedFailure {
  readonly code: string;
  readonly message: string;
}

/** How a step itself ended. */
export type StepResult =
  /** A JSON text. */
  | { readonly kind: "returned"; readonly json: string }
  | { readonly kind: "thrown"; readonly stack: string; readonly coded: CodedFailure | null }
  | { readonly kind: "no-export"; readonly exports: readonly string[] }
  | { readonly kind: "bad-result"; readonly what: string };

export interface StepEnd {
  readonly kind: "end";
  readonly result: StepResult;
  readonly cpuMs: number;
  /** Bytes of the thread's heap in use. */
  readonly heap: number;
  /** Whether nothing of the step goes on in the thread (timers, sockets …), so that it can take the next one. */
  readonly clean: boolean;
  /** Whether code in the thread may have started processes, in this step or an earlier one. */
  readonly mayStart: boolean;
}
