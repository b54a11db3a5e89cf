import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "@scanflow/checks";
import { ScanflowError } from "@scanflow/core";

/**
 * The part of a consumer's state that its task kept, null for a new consumer. A consumer goes on only with the
 * settings that it was begun with: its windows and verdicts would else be of two kinds.
 * Errors: SCANFLOW_STREAM_SETTINGS.
 */
export function settled(
  { name, state }: { readonly name: string; readonly state: JsonObject | null },
  settings: JsonObject,
): JsonObject | null {
  if (state === null) return null;
  const plain = JSON.parse(JSON.stringify(settings));
  if (isDeepStrictEqual(state.settings, plain)) return state.task as JsonObject;
  const before = Object.entries((state.settings ?? {}) as JsonObject);
  const names = new Set([...before.map(([key]) => key), ...Object.keys(plain)]);
  const other = [...names].filter(
    (key) => !isDeepStrictEqual((state.settings as JsonObject | undefined)?.[key], plain[key]),
  );
  const said = other.map((key) => `${key} was ${shown(state.settings, key)} and is ${shown(plain, key)}`);
  throw new ScanflowError(
    "SCANFLOW_STREAM_SETTINGS",
    `"${name}" was begun with other settings: ${said.join("; ")}. Give the same, or another name to begin anew.`,
  );
}

function shown(settings: unknown, key: string): string {
  const value = (settings as JsonObject | undefined)?.[key];
  return value === undefined ? "not given" : JSON.stringify(value);
}
