import type { JsonObject } from "@scanflow/checks";

/**
 * A verdict, or a state that its own room saves and loads as JSON. Their types are interfaces, which have no index
 * signature, so the compiler cannot see that they are JSON.
 */
export function asJson(value: object): JsonObject {
  return value as JsonObject;
}
