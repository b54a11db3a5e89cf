import { setTimeout as pause } from "node:timers/promises";
import { TrackingServerError } from "../server/errors.ts";
import { codedAnswer, parseAnswer, shownUrl } from "../server/remote-answer.ts";
import { type LedgerAnswers, type LedgerCall, ledgerAnswers, ledgerJson } from "./calls.ts";
import type { LedgerTracking } from "./ledger-tracking.ts";

export interface RemoteLedgerOptions {
  /** Of the tracking server, such as `http://tracker-workflow3:8003`. */
  readonly url: string;
  /** Of an admin, where the tracker has users. */
  readonly token?: string | undefined;
  /** How long a tracker that does not answer is asked again, in milliseconds; default 60,000. */
  readonly patienceMs?: number;
}

interface Waiting {
  readonly call: LedgerCall;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A tracker behind a URL, for the ledger of an engine elsewhere. It must be a tracking server of Scanflow whose artifact
 * store is the engine's (the same folder, or the same bucket): only digests travel.
 *
 * What is called in the same tick travels in one request; requests go one after the other. A call that got no answer is
 * sent again, which has no further effect. Errors: those of the tracker by their code, SCANFLOW_SERVER_UNREACHABLE.
 *
 * ```ts
 * import { remoteLedger } from "@scanflow/tracking/server";
 *
 * const tracker = remoteLedger({ url: "http://127.0.0.1:5000", patienceMs: 1000 });
 * ```
 */
export function remoteLedger(options: RemoteLedgerOptions): LedgerTracking {
  const line = new Line(options);
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

const firstDelayMs = 100;
const longestDelayMs = 2000;

/** Sends calls in their order, those of one tick together. */
class Line {
  readonly #options: RemoteLedgerOptions;
  readonly #place: string;
  readonly #headers: Readonly<Record<string, string>>;
  #waiting: Waiting[] = [];
  #sending = false;

  constructor(options: RemoteLedgerOptions) {
    this.#options = options;
    const { place, token = options.token } = placeOf(options.url);
    this.#place = `${place}/api/2.0/scanflow/ledger`;
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    this.#headers = { "content-type": "application/json", ...authorization };
  }

  ask(call: LedgerCall): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ call, resolve, reject });
      if (this.#sending) return;
      this.#sending = true;
      queueMicrotask(() => void this.#send());
    });
  }

  async #send(): Promise<void> {
    while (this.#waiting.length > 0) {
      const sent = this.#waiting;
      this.#waiting = [];
      try {
        const { results } = await this.#post(sent.map(({ call }) => call));
        for (const [index, { resolve, reject }] of sent.entries()) {
          const result = results[index];
          if (result && "value" in result) resolve(result.value);
          else if (result)
            reject(Object.assign(new Error(result.error.message), { code: result.error.code }));
          else reject(this.#unreachable("it answered fewer calls than it was asked"));
        }
      } catch (error) {
        for (const { reject } of sent) reject(error);
      }
    }
    this.#sending = false;
  }

  async #post(calls: readonly LedgerCall[]): Promise<LedgerAnswers> {
    const body = ledgerJson({ calls });
    const { patienceMs = 60_000 } = this.#options;
    const deadline = performance.now() + patienceMs;
    for (let delayMs = firstDelayMs; ; delayMs = Math.min(delayMs * 2, longestDelayMs)) {
      const answer = await this.#try(body);
      if (!("down" in answer)) return answer;
      if (performance.now() + delayMs > deadline) throw this.#unreachable(answer.down);
      await pause(delayMs);
    }
  }

  async #try(body: string): Promise<LedgerAnswers | { readonly down: string }> {
    const { url } = this.#options;
    let status: number;
    let text: string;
    try {
      const response = await fetch(this.#place, { method: "POST", body, headers: this.#headers });
      status = response.status;
      text = await response.text();
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      return { down: cause instanceof Error ? cause.message : String(cause) };
    }
    if (status === 502 || status === 503 || status === 504) return { down: `it answered ${status}` };
    const answer = parseAnswer(text);
    if (status !== 200) throw codedAnswer(shownUrl(url), status, answer);
    const answers = ledgerAnswers.safeParse(answer);
    if (answers.success) return answers.data;
    throw this.#unreachable("it answered something else than the results of a ledger's calls");
  }

  #unreachable(why: string): TrackingServerError {
    return new TrackingServerError(
      "SCANFLOW_SERVER_UNREACHABLE",
      `The tracker at ${shownUrl(this.#options.url)} does not keep rows of runs (${why}). Look at the URL, the token and whether it runs, then resume the run.`,
    );
  }
}

/** A token may stand in a URL as its password, as other clients take it. */
function placeOf(text: string): { readonly place: string; readonly token?: string } {
  const url = URL.parse(text);
  if (!url) return { place: text };
  const token = decodeURIComponent(url.password);
  url.username = url.password = "";
  return { place: url.href.replace(/\/+$/, ""), ...(token === "" ? {} : { token }) };
}
