import { invalid } from "../refusal.ts";

/** A place in a list of results, opaque to clients. */
function toPageToken(offset: number): string {
  return Buffer.from(JSON.stringify({ offset })).toString("base64");
}

/** Errors: SCANFLOW_TRACKING_INVALID for a token that this server did not give. */
export function fromPageToken(token: string | undefined): number {
  if (!token) return 0;
  const wrong = invalid("Invalid page token, could not base64-decode");
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(token, "base64").toString());
  } catch {
    throw wrong;
  }
  const offset = (parsed as { offset?: unknown } | null)?.offset;
  if (typeof offset !== "number" || !Number.isSafeInteger(offset) || offset < 0) throw wrong;
  return offset;
}

/** Cuts off the one row that was asked for beyond the page, and says where the next page starts. */
export function toPage<T>(
  rows: T[],
  offset: number,
  maxResults: number,
): { rows: T[]; next: string | undefined } {
  if (rows.length <= maxResults) return { rows, next: undefined };
  return { rows: rows.slice(0, maxResults), next: toPageToken(offset + maxResults) };
}
