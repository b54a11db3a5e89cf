import { CallLine } from "./call-line.ts";
import type { LedgerCall } from "./calls.ts";
import type { LedgerTracking } from "./ledger-tracking.ts";

export interface RemoteLedgerOptions {
  /** Of the tracking server, such as `http://tracker-workflow3:8003`. */
  readonly url: string;
  /** Of an admin, where the tracker has users. */
  readonly token?: string | undefined;
  /** How long a tracker that does not answer is asked again, in milliseconds; default 60,000. */
  readonly patienceMs?: number;
}

/**
 * A tracker behind a URL, for the ledger of an engine elsewhere. It must be a tracking server of Scanflow whose artifact
 * store is the engine's (the same folder, or the same bucket): only digests travel.
 *
 * What is called in the same tick travels in one request (of at most 1000 calls); requests go one after the other. A call that got no answer is
 * sent again, which has no further effect. Errors: those of the tracker by their code, SCANFLOW_SERVER_UNREACHABLE.
 *
 * ```ts
 * import { remoteLedger } from "@scanflow/tracking/server";
 *
 * const tracker = remoteLedger({ url: "http://127.0.0.1:5000", patienceMs: 1000 });
 * ```
 */
export function remoteLedger(options: RemoteLedgerOptions): LedgerTracking {
  const line = new CallLine(options);
  const ask = (call: LedgerCall) => line.ask(call);
  const logBatches: LedgerTracking["logBatches"] = async (batches) => {
    await ask({ method: "logBatches", batches: batches.map((batch) => mutable(batch)) });
  };
  return {
    ensureExperiment: async (name, tags = []) =>
      String(await ask({ method: "ensureExperiment", name, tags: mutable(tags) })),
    startRuns: async (starts) => void (await ask({ method: "startRuns", starts: mutable(starts) })),
    endRuns: async (ends) => void (await ask({ method: "endRuns", ends: mutable(ends) })),
    logBatch: (runId, batch) => logBatches([{ runId, ...batch }]),
    logBatches,
    keepParams: async (given) => void (await ask({ method: "keepParams", ...mutable(given) })),
    copyParams: async (copies) => void (await ask({ method: "copyParams", copies: mutable(copies) })),
    latestMetrics: async (runIds) =>
      new Map(
        ((await ask({ method: "latestMetrics", runIds: [...runIds] })) as MetricRows).map(
          ([runId, metrics]) => [
            runId,
            Object.fromEntries(Object.entries(metrics).map(([key, value]) => [key, Number(value)])),
          ],
        ),
      ),
    addArtifacts: async (runId, artifacts) =>
      void (await ask({ method: "addArtifacts", runId, artifacts: mutable(artifacts) })),
    registerVersion: async (registration) =>
      (await ask({ method: "registerVersion", ...mutable(registration) })) as { version: number },
    versionsOfRuns: async (runIds) =>
      (await ask({ method: "versionsOfRuns", runIds: [...runIds] })) as Awaited<
        ReturnType<LedgerTracking["versionsOfRuns"]>
      >,
  };
}

type MetricRows = readonly (readonly [string, Readonly<Record<string, number | string>>])[];

type Mutable<T> = T extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Mutable<T[Key]> }
    : T;

/** What is only read from here on; the schema's types do not say so. */
function mutable<T>(value: T): Mutable<T> {
  return value as Mutable<T>;
}
