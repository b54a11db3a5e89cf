import { escapeMarkup, shorten } from "../figure/svg.ts";
import { STATUSES } from "../verdict/gravity.ts";
import type { VerdictStatus } from "../verdict/verdict.ts";

/** A text that is not ours, such as a column's name: escaped, cut, and kept from turning the line's direction. */
export function foreign(text: string, length = 80): string {
  return `<bdi>${escapeMarkup(shorten(text, length))}</bdi>`;
}

const MARKS: Record<VerdictStatus, string> = { ok: "✓", warning: "!", alarm: "✕", invalid: "?" };

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
