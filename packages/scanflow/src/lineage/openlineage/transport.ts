import { appendFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { OpenLineageEvent } from "./facets.ts";
import type { Target } from "./target.ts";

/** How a delivery came out. `refused`: the receiver will never take this event; `failed`: it may later. */
export type Sent =
  | { readonly kind: "taken" }
  | { readonly kind: "refused" | "failed"; readonly reason: string };

export interface SendOptions {
  readonly target: Target;
  /** Waits before the second, third, … try. */
  readonly waitsMs: readonly number[];
  readonly signal: AbortSignal;
}

/** How long a receiver may take for one event. */
const PATIENCE_MS = 5000;
/** Statuses that speak of the event itself, not of the receiver's state or of our access. */
const REFUSALS: ReadonlySet<number> = new Set([400, 413, 422]);

/** Delivers one event, trying again a few times. Never throws. */
export async function send(event: OpenLineageEvent, { target, waitsMs, signal }: SendOptions): Promise<Sent> {
  for (let tried = 0; ; tried++) {
    const sent = await once(event, target, signal);
    const waitMs = waitsMs[tried];
    if (sent.kind !== "failed" || waitMs === undefined || signal.aborted) return sent;
    await pause(waitMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return sent;
  }
}

async function once(event: OpenLineageEvent, target: Target, signal: AbortSignal): Promise<Sent> {
  const body = JSON.stringify(event);
  try {
    if (target.kind === "http") return await post(body, target, signal);
    // One write for the whole line: lines of two writers do not mix.
    await appendFile(target.path, `${body}\n`);
    return { kind: "taken" };
  } catch (error) {
    return { kind: "failed", reason: reasonOf(error) };
  }
}

async function post(
  body: string,
  { url, key }: Extract<Target, { kind: "http" }>,
  signal: AbortSignal,
): Promise<Sent> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    },
    body,
    // Whoever answers may not send our key and data elsewhere.
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
  });
  const { status } = response;
  if (response.ok) {
    await response.body?.cancel();
    return { kind: "taken" };
  }
  const answer = (await response.text()).slice(0, 200).replaceAll(/\s+/g, " ").trim();
  const reason = `it answered ${status}${answer === "" ? "" : `: ${answer}`}`;
  return { kind: REFUSALS.has(status) ? "refused" : "failed", reason };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `it did not answer within ${PATIENCE_MS / 1000} s`;
  return error.cause instanceof Error ? error.cause.message : error.message;
}
