import type { JsonValue } from "@scanflow/core";

export interface ValueDifference {
  /** Such as `rows` or `layers[2].size`; empty for the whole. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

const longest = 80;
const mostListed = 20;

/** Where two JSON values differ, the first places in order. */
export function compareValues(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): ValueDifference[] {
  const found: ValueDifference[] = [];
  compare({ path: "", before, after }, found);
  return found;
}

interface Place {
  readonly path: string;
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

function compare({ path, before, after }: Place, found: ValueDifference[]): void {
  if (found.length >= mostListed || Object.is(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    for (let at = 0; at < length; at++)
      compare({ path: `${path}[${at}]`, before: before[at], after: after[at] }, found);
  } else if (isObject(before) && isObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare({ path: path === "" ? key : `${path}.${key}`, before: before[key], after: after[key] }, found);
    }
  } else found.push({ path, before: shown(before), after: shown(after) });
}

function isObject(value: JsonValue | undefined): value is Readonly<Record<string, JsonValue>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: JsonValue | undefined): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
