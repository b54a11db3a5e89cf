import { ChecksError } from "../errors.ts";

/** @param action what to do, as the error's last words */
export function unlike(reason: string, action: string): ChecksError {
  return new ChecksError("SCANFLOW_PROFILES_UNLIKE", `${reason}: ${action}.`);
}
