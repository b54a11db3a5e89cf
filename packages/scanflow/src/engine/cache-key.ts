import { hash } from "node:crypto";
import type { JsonValue, WorkTask } from "@scanflow/core";

/**
 * Everything that decides a task's outputs, by name: `command`, `code: steps/split.ts`, `input: digits`,
 * `param: seed`, `environment`, `item`, `service: predict` and the node's `name`. Two attempts with equal parts are the same work.
 */
export type KeyParts = Readonly<Record<string, string>>;

export interface KeySource {
  readonly task: WorkTask;
  /** Digest per file of the task's code. */
  readonly code: Readonly<Record<string, string>>;
  /** Digest per input. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Extension per input, which its path keeps. */
  readonly extensions: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, JsonValue>>;
  readonly item: JsonValue | undefined;
  /** Keys of the services that may be asked, by their ids. */
  readonly services: Readonly<Record<string, string>>;
  /** What the environment's files hold, such as the requirements. */
  readonly environment: string;
}

export function keyParts(source: KeySource): KeyParts {
  const { task } = source;
  const parts: Record<string, string> = {
    // Two nodes that run the same command may both be wanted for their effect.
    name: task.name,
    // A verdict that failed nothing yesterday may fail the task today.
    ...(task.kind === "checker" ? { check: canonical(task.failOn) } : {}),
    command: canonical([task.run, task.outputs, task.env, task.secrets]),
    environment: `${canonical(task.environment)} ${source.environment}`,
  };
  for (const [path, digest] of Object.entries(source.code)) parts[`code: ${path}`] = digest;
  for (const [name, digest] of Object.entries(source.inputs)) parts[`input: ${name}`] = digest;
  for (const [name, extension] of Object.entries(source.extensions)) {
    if (extension !== "") parts[`extension: ${name}`] = extension;
  }
  for (const [name, value] of Object.entries(source.params)) parts[`param: ${name}`] = canonical(value);
  for (const [id, key] of Object.entries(source.services)) parts[`service: ${id}`] = key;
  if (source.item !== undefined) parts.item = canonical(source.item);
  return parts;
}

export function cacheKey(parts: KeyParts): string {
  return `sha256:${hash("sha256", canonical(parts))}`;
}

/** Names of the parts that differ, in order. */
export function changedParts(before: KeyParts, after: KeyParts): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]).sort();
}

/** JSON with sorted keys: equal values give equal text. */
export function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(",")}}`;
}
