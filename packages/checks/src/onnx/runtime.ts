import type { Signal } from "../signal.ts";

/** A value that goes into a session or comes out of it; row-major. */
export interface RuntimeTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array | BigInt64Array;
}

/** What a model is given or gives, by name. */
export type RuntimeTensors = Readonly<Record<string, RuntimeTensor>>;

/** How a model is run. */
export interface RunOptions {
  /** Names of the results wanted; all when left out. */
  readonly outputs?: readonly string[];
  /** Stops between two steps. */
  readonly signal?: Signal;
}

/** A model made ready to compute. */
export interface OnnxSession {
  /** Keeps inputs in the session for all later runs, until they are kept anew: data, or the state of a training. */
  keep(values: RuntimeTensors): Promise<void>;
  /** What is kept now, as the last run left it. */
  kept(names: readonly string[]): Promise<RuntimeTensors>;
  /** Runs once for each of `steps`, in order, and gives the results of each. Steps bring the inputs not kept. */
  run(steps: readonly RuntimeTensors[], options?: RunOptions): Promise<readonly RuntimeTensors[]>;
  /** Frees what the runtime holds; the session is of no use afterwards. */
  close(): Promise<void>;
}

/** How a model is made ready. */
export interface OpenOptions {
  /** Results that become kept inputs of the next run: name of the result → name of the input. */
  readonly carry?: Readonly<Record<string, string>>;
}

/**
 * What computes ONNX models: given from outside, so that this package stays pure. `createOnnxRuntime` of `scanflow`
 * makes one for Node (a worker thread with ONNX Runtime); in a browser `onnxRuntimeOf` takes onnxruntime-web.
 */
export interface OnnxRuntime {
  /** @throws an error when the runtime refuses the model */
  open(model: Uint8Array, options?: OpenOptions): Promise<OnnxSession>;
}
