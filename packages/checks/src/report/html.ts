import { escapeMarkup, shorten } from "../figure/svg.ts";
import { STATUSES } from "../verdict/gravity.ts";
import type { VerdictStatus } from "../verdict/verdict.ts";

/** A text that is not ours, such as a column's name: escaped, cut, and kept from turning the line's direction. */
export function foreign(text: string, length = 80): string {
  return `<bdi>${escapeMarkup(shorten(text, length))}</bdi>`;
}

/** The sign of a status. */
export const MARKS: Readonly<Record<VerdictStatus, string>> = {
  ok: "✓",
  warning: "!",
  alarm: "✕",
  invalid: "?",
};

/** A status by colour, sign and word. */
export function badge(status: VerdictStatus): string {
  return `<span class="badge ${status}"><span aria-hidden="true">${MARKS[status]}</span> ${status}</span>`;
}

/** The status of an untrusted value; null when it is none. */
export function statusOf(value: unknown): VerdictStatus | null {
  return STATUSES.find((status) => status === value) ?? null;
}

/** "1 column", "2 columns". */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** Pictures, of which the first `open` are in sight and the others folded. */
export function pictures(drawn: readonly string[], open: number): string {
  const block = (part: readonly string[]) => `<div class="figures">${part.join("")}</div>`;
  const [shown, rest] = [drawn.slice(0, open), drawn.slice(open)];
  if (rest.length === 0) return shown.length === 0 ? "" : block(shown);
  return `${block(shown)}<details><summary>${counted(rest.length, "more picture")}</summary>${block(rest)}</details>`;
}
