import { TrackingError } from "./errors.ts";

/** The value breaks a rule of the protocol. */
export function invalid(message: string): TrackingError {
  return new TrackingError("SCANFLOW_TRACKING_INVALID", message);
}

/** What is asked for is not there. */
export function missing(message: string): TrackingError {
  return new TrackingError("SCANFLOW_TRACKING_MISSING", message);
}

/** The name is taken. */
export function exists(message: string): TrackingError {
  return new TrackingError("SCANFLOW_TRACKING_EXISTS", message);
}

/** The request itself is wrong, whatever its values. */
export function badRequest(message: string): TrackingError {
  return new TrackingError("SCANFLOW_TRACKING_REQUEST", message);
}
