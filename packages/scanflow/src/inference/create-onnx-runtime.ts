import { availableParallelism } from "node:os";
import type {
  OnnxRuntime,
  OnnxSession,
  OpenOptions,
  RunOptions,
  RuntimeTensors,
} from "@scanflow/checks/onnx";
import { cutOut } from "./cut-out.ts";
import { InferenceThread } from "./inference-thread.ts";
import type { InferenceRequest } from "./messages.ts";

/** How ONNX Runtime computes. */
export interface InferenceOptions {
  /**
   * Threads of one operation. Default: the machine's processors, four at most. Results are the same bit for bit only
   * with the same number.
   */
  readonly threads?: number;
}

/** ONNX Runtime in a thread of its own. */
export interface ThreadedRuntime extends OnnxRuntime {
  /** Ends the thread and with it all sessions. */
  close(): Promise<void>;
}

/**
 * What detectors compute with in Node: ONNX Runtime in a worker thread, so that the main loop goes on during training
 * and scoring. The thread starts with the first model and keeps no process alive that has nothing else to do.
 *
 * ```ts
 * import { createOnnxRuntime } from "scanflow/inference";
 *
 * const runtime = createOnnxRuntime();
 * await runtime.close();
 * ```
 *
 * @throws ScanflowError (from its methods) SCANFLOW_INFERENCE_MISSING when ONNX Runtime cannot be loaded,
 * SCANFLOW_INFERENCE_FAILED when it refuses a model or its inputs, SCANFLOW_INFERENCE_LOST when the thread ended
 */
export function createOnnxRuntime(options: InferenceOptions = {}): ThreadedRuntime {
  const { threads = Math.min(4, availableParallelism()) } = options;
  let thread: InferenceThread | undefined;

  async function open(model: Uint8Array, openOptions: OpenOptions = {}): Promise<OnnxSession> {
    if (thread === undefined || thread.ended) thread = new InferenceThread({ threads });
    const own = thread;
    const id = (await own.ask({ kind: "open", model, options: openOptions })) as number;
    return sessionOf(own, id);
  }

  async function close(): Promise<void> {
    await thread?.end();
    thread = undefined;
  }

  return { open, close };
}

/** How often it is looked whether a run is still wanted. */
const lookMs = 20;

function sessionOf(thread: InferenceThread, session: number): OnnxSession {
  async function ask<Value>(request: InferenceRequest): Promise<Value> {
    return (await thread.ask(request)) as Value;
  }

  async function run(steps: readonly RuntimeTensors[], { outputs, signal }: RunOptions = {}) {
    signal?.throwIfAborted();
    const stop = signal && new Int32Array(new SharedArrayBuffer(4));
    const timer = setInterval(() => {
      if (stop && signal?.aborted) Atomics.store(stop, 0, 1);
    }, lookMs);
    try {
      const cut = cutOut(steps);
      const request = { kind: "run", session, steps: cut.steps, outputs, stop } as const;
      const results = (await thread.ask(request, cut.moved)) as readonly RuntimeTensors[] | null;
      if (results === null) signal?.throwIfAborted();
      return results ?? [];
    } finally {
      clearInterval(timer);
    }
  }

  return {
    run,
    keep: (values) => ask<void>({ kind: "keep", session, values }),
    kept: (names) => ask<RuntimeTensors>({ kind: "kept", session, names }),
    close: () => (thread.ended ? Promise.resolve() : ask<void>({ kind: "close", session })),
  };
}
