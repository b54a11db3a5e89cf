import type { OpenOptions, RuntimeTensors } from "@scanflow/checks/onnx";
import type { NativeWork } from "../native-work.ts";

/** What the thread is asked; each request has one answer with its id. */
export type InferenceRequest =
  | { readonly kind: "open"; readonly model: Uint8Array; readonly options: OpenOptions }
  | { readonly kind: "keep"; readonly session: number; readonly values: RuntimeTensors }
  | { readonly kind: "kept"; readonly session: number; readonly names: readonly string[] }
  | {
      readonly kind: "run";
      readonly session: number;
      readonly steps: readonly RuntimeTensors[];
      readonly outputs: readonly string[] | undefined;
      /** One shared number: 1 once the run is no longer wanted. */
      readonly stop: Int32Array | undefined;
    }
  | { readonly kind: "close"; readonly session: number };

export interface Numbered {
  readonly id: number;
  readonly request: InferenceRequest;
}

export type InferenceAnswer =
  | { readonly id: number; readonly kind: "done"; readonly value: unknown }
  | { readonly id: number; readonly kind: "stopped" }
  /** `missing`: ONNX Runtime itself could not be loaded. */
  | { readonly id: number; readonly kind: "failed"; readonly reason: string; readonly missing: boolean };

export interface InferenceWorkerData {
  readonly threads: number;
  readonly native: NativeWork["states"];
}
