import type { Plan } from "./plan.ts";

/**
 * The plan as JSON with sorted keys and no spaces: the same definition gives the same bytes, whatever order its
 * keys were written in. Its sha256 names the plan in the journal.
 */
export function planJson(plan: Plan): string {
  return JSON.stringify(plan, (_key, value: unknown) => (isRecord(value) ? sorted(value) : value));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sorted(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const keys = Object.keys(record).sort();
  return Object.fromEntries(keys.map((key) => [key, record[key]]));
}
