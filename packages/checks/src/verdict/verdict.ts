import type { Figure } from "../figure/figure.ts";
import type { JsonObject } from "../json/json.ts";

/**
 * - `ok`: nothing found
 * - `warning`: found, but too small to act on
 * - `alarm`: found, and large enough to act on
 * - `invalid`: it could not be judged; the message says what to do
 */
export type VerdictStatus = "ok" | "warning" | "alarm" | "invalid";

/** What was judged. A plug-in may name a kind of its own. */
export type VerdictKind = "drift" | "integrity" | "performance" | "fairness" | (string & {});

/** A checker's answer, as plain JSON data. */
export interface Verdict {
  readonly status: VerdictStatus;
  readonly kind: VerdictKind;
  /** What was found, where, and what to do next: one or a few sentences for a person. */
  readonly message: string;
  /** The columns that brought about the status, the worst first; empty when `ok`. */
  readonly columns: readonly string[];
  /** What the status rests on, by column. */
  readonly evidence: Readonly<Record<string, JsonObject>>;
  /** Pictures of it, the most telling first. */
  readonly figures?: readonly Figure[];
}
