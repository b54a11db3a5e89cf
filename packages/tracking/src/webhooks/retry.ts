import type { Outcome } from "./send.ts";

export type Verdict =
  | { readonly kind: "delivered" }
  | { readonly kind: "given-up"; readonly reason: string }
  | { readonly kind: "again"; readonly afterMs: number };

/** A first attempt and three more, as MLflow's server makes. */
const mostAttempts = 4;
const longestWaitMs = 60_000;
const passing = new Set([429, 500, 502, 503, 504]);

/**
 * What to do after attempt number `attempt` (counting from 1): trouble that may pass is tried again after 1, 2 and 4
 * times `backoffMs`, and up to one more; a receiver that says when is believed, within a minute.
 */
export function judge(
  outcome: Outcome,
  { attempt, backoffMs, random }: { attempt: number; backoffMs: number; random: number },
): Verdict {
  if (outcome.kind === "forbidden") return { kind: "given-up", reason: outcome.reason };
  if (outcome.kind === "answered" && outcome.status < 300) return { kind: "delivered" };
  const reason = outcome.kind === "answered" ? `It answered ${outcome.status}.` : outcome.reason;
  const mayPass = outcome.kind === "failed" || passing.has(outcome.status);
  if (!mayPass || attempt >= mostAttempts) return { kind: "given-up", reason };
  const asked = outcome.kind === "answered" ? Number(outcome.retryAfter ?? "") * 1000 : 0;
  const waitMs = asked > 0 ? asked : backoffMs * (2 ** (attempt - 1) + random);
  return { kind: "again", afterMs: Math.min(waitMs, longestWaitMs) };
}
