import { posix } from "node:path";
import { invalid } from "../refusal.ts";
import { characters, limits } from "./limits.ts";

/** Unicode letters and digits count as word characters, as in Python's `\w`. */
const keyPattern = /^[/\p{L}\p{N}\p{M}_.\- :]*$/u;

const badCharacters =
  "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).";

/** Says which value of which parameter is wrong, in the words that clients expect. */
export function invalidValue(path: string, value: unknown, message?: string): string {
  const said = `Invalid value ${JSON.stringify(value)} for parameter '${path}' supplied`;
  return message === undefined ? `${said}.` : `${said}: ${message}`;
}

/** A text as Python shows it in messages. */
export function quoted(text: string): string {
  return text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replaceAll("'", "\\'")}'`;
}

/** A key of a metric, param or tag: safe as a file name, at most 250 characters. */
export function checkKey(key: string, path: string, lengthName = path): void {
  if (!keyPattern.test(key)) throw invalid(invalidValue(path, key, badCharacters));
  checkPathUnique(key, path);
  checkLength(key, limits.key, lengthName);
}

/** Refuses names that are not their own normal form as a path: `a//b`, `../a`, `/a`, `.`. */
export function checkPathUnique(name: string, path: string): void {
  // Python keeps no trailing slash and gives "." for the empty name; Node keeps the slash.
  const trimmed = posix.normalize(name);
  const normal = trimmed.length > 1 && trimmed.endsWith("/") ? trimmed.slice(0, -1) : trimmed;
  if (normal === name && normal !== "." && !normal.startsWith("..") && !normal.startsWith("/")) return;
  throw invalid(
    invalidValue(
      path,
      name,
      `Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to '${normal}'`,
    ),
  );
}

export function checkLength(value: string, limit: number, name: string): void {
  if (value.length > limit && characters(value) > limit) {
    throw invalid(`'${name}' exceeds the maximum length of ${limit} characters`);
  }
}

export function checkRunId(runId: string): void {
  if (!/^[a-zA-Z0-9][\p{L}\p{N}_-]{0,255}$/u.test(runId)) throw invalid(invalidValue("run_id", runId));
}

/** Tags of the registry: a key like any other, a value of at most 100,000 characters. */
export function checkRegistryTag(key: string, value: string): void {
  checkKey(key, "key");
  checkLength(value, limits.registryTagValue, "value");
}
