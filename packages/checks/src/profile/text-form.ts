import { hashText } from "../random/random.ts";

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;
const TIME = /^\s*\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?\s*$/;

/** What a text is written as: a decimal number, a date or time of ISO 8601, or neither. */
export function formOf(text: string): "number" | "time" | "text" {
  if (NUMBER.test(text)) return "number";
  return TIME.test(text) ? "time" : "text";
}

const LONGEST = 200;

/**
 * A text as it is kept in a profile: a long one by its start and a hash of the whole, so that what differs stays
 * different and a profile stays small.
 */
export function shortenText(text: string): string {
  if (text.length <= LONGEST) return text;
  const digest = [0x6a09e667, 0xbb67ae85].map((start) =>
    (hashText(text, start) >>> 0).toString(16).padStart(8, "0"),
  );
  // Joined letter by letter, since a slice would hold the whole text in memory.
  return `${Array.from({ length: 160 }, (_, at) => text[at]).join("")}…${digest.join("")}`;
}
