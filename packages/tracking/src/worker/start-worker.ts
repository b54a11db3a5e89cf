import { type ResourceLimits, type Transferable, Worker } from "node:worker_threads";

export interface StartWorkerOptions {
  /** What the worker finds in `workerData`. */
  data?: unknown;
  transfer?: readonly Transferable[];
  /** Shown by debuggers and in crash reports. */
  name?: string;
  /** The worker's own environment; default: a copy of this process's. */
  env?: NodeJS.ProcessEnv;
  resourceLimits?: ResourceLimits;
  /** Give the worker's output as streams instead of mixing it into this process's. */
  captureOutput?: boolean;
}

const sourceFlags = ["--conditions=source"];

/**
 * Starts a module of ours as a worker thread, from sources and from a build alike.
 *
 * `entry` is the module beside the caller without its extension (`"./store-worker"`), `base` is the
 * caller's `import.meta.url`: a caller that is itself `.ts` starts the `.ts` worker, with the flag that
 * makes packages of the workspace resolve to their sources; a built caller starts the `.js` one.
 * Flags of the parent process are not handed down.
 *
 * ```ts
 * import { startWorker } from "@scanflow/tracking/worker";
 *
 * const worker = startWorker("./store-worker", import.meta.url, { name: "store" });
 * await worker.terminate();
 * ```
 */
export function startWorker(entry: string, base: string, options: StartWorkerOptions = {}): Worker {
  const { data, transfer, name, env, resourceLimits, captureOutput = false } = options;
  const fromSource = new URL(base).pathname.endsWith(".ts");
  return new Worker(new URL(`${entry}${fromSource ? ".ts" : ".js"}`, base), {
    execArgv: fromSource ? sourceFlags : [],
    workerData: data,
    stdout: captureOutput,
    stderr: captureOutput,
    ...(transfer ? { transferList: [...transfer] } : {}),
    ...(name ? { name } : {}),
    ...(env ? { env } : {}),
    ...(resourceLimits ? { resourceLimits } : {}),
  });
}

/**
 * Call it first in a worker that runs users' code: `fork()` hands `process.execArgv` to its children, and
 * the flag for our sources must not reach them. Module resolution in the worker itself is not changed.
 */
export function hideSourceFlags(): void {
  process.execArgv = process.execArgv.filter((flag) => !sourceFlags.includes(flag));
}
