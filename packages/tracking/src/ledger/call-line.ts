import { setTimeout as pause } from "node:timers/promises";
import { TrackingServerError } from "../server/errors.ts";
import { codedAnswer, parseAnswer, shownUrl } from "../server/remote-answer.ts";
import { type LedgerAnswers, type LedgerCall, ledgerAnswers, ledgerJson } from "./calls.ts";
import type { RemoteLedgerOptions } from "./remote-ledger.ts";

const firstDelayMs = 100;
const longestDelayMs = 2000;

/** A server takes 1000 calls and 64 MiB at once; this leaves room for what stands around the calls. */
const mostCalls = 1000;
const mostChars = 16 * 1024 * 1024;
/** Shorter than that no answer is waited for, whatever the patience. */
const leastWaitMs = 1000;

interface Waiting {
  /** As JSON. */
  readonly call: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Sends calls in their order, those of one tick together as far as one request takes them. */
export class CallLine {
  readonly #options: RemoteLedgerOptions;
  readonly #place: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #waiting: Waiting[] = [];
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
      this.#waiting.push({ call: ledgerJson(call), resolve, reject });
      if (this.#sending) return;
      this.#sending = true;
      queueMicrotask(() => void this.#send());
    });
  }

  async #send(): Promise<void> {
    while (this.#waiting.length > 0) {
      const sent = this.#waiting.splice(0, fitting(this.#waiting));
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

  async #post(calls: readonly string[]): Promise<LedgerAnswers> {
    const body = `{"calls":[${calls.join(",")}]}`;
    const { patienceMs = 60_000 } = this.#options;
    const deadline = performance.now() + patienceMs;
    let hasHung = false;
    for (let delayMs = firstDelayMs; ; delayMs = Math.min(delayMs * 2, longestDelayMs)) {
      const given = AbortSignal.timeout(Math.max(patienceMs, leastWaitMs));
      const answer = await this.#try(body, given);
      if (!("down" in answer)) return answer;
      // A connection that nobody serves any more takes all patience by itself: the next one may be served.
      const mayHelp = given.aborted && !hasHung;
      hasHung ||= given.aborted;
      if (performance.now() + delayMs > deadline && !mayHelp) throw this.#unreachable(answer.down);
      await pause(delayMs);
    }
  }

  async #try(body: string, signal: AbortSignal): Promise<LedgerAnswers | { readonly down: string }> {
    const { url } = this.#options;
    let status: number;
    let text: string;
    try {
      const response = await fetch(this.#place, { method: "POST", body, headers: this.#headers, signal });
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

/** How many of the first calls go into one request: one at least. */
function fitting(waiting: readonly Waiting[]): number {
  let chars = 0;
  const over = waiting.findIndex(({ call }, at) => {
    chars += call.length;
    return at > 0 && (at >= mostCalls || chars > mostChars);
  });
  return over < 0 ? waiting.length : over;
}
