import type { FastifyRequest } from "fastify";
import { requestError } from "../refusal.ts";
import type { Asked } from "./policy.ts";

export function queryOf({ query }: FastifyRequest): Asked {
  return checked(objectOf(query));
}

export function bodyOf({ body }: FastifyRequest): Asked {
  return parseObject(Buffer.isBuffer(body) ? body : Buffer.alloc(0));
}

export function parseObject(bytes: Buffer): Asked {
  const text = bytes.toString("utf8");
  if (text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw requestError("The body is no JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw requestError("The body is no JSON object");
  return checked(value as Record<string, unknown>);
}

/** The tracker also takes `runId` for `run_id`, at any depth, which the policy does not look at. */
function checked(asked: Record<string, unknown>): Asked {
  const strange = strangeKey(asked, mostLevels);
  if (strange === undefined) return asked;
  throw requestError(`There is no field ${JSON.stringify(strange)}: fields are called as in run_id`);
}

/** No request of the protocol goes deeper than a tenth of it. */
const mostLevels = 100;

function strangeKey(value: unknown, levels: number): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (levels === 0) throw requestError("The body is nested too deep");
  for (const [key, inside] of Object.entries(value)) {
    if (!Array.isArray(value) && !/^[a-z][a-z0-9_]*$/.test(key)) return key;
    const strange = strangeKey(inside, levels - 1);
    if (strange !== undefined) return strange;
  }
  return undefined;
}

export function searchOf(asked: Asked): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(asked)) {
    for (const one of [value].flat()) search.append(key, String(one));
  }
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}

export function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
