import { atCall } from "./call.ts";
import type { TrackerHandle } from "./handle.ts";

/** What a tracker may have. */
export interface TrackerOptions {
  readonly description?: string;
  /** Port on which its MLflow REST API listens, 1 to 65535; by default the embedded tracker's. */
  readonly port?: number;
}

/** Where a workflow's runs, metrics and models are kept; a workflow without one inherits it. */
export function tracker(name: string, options: TrackerOptions = {}): TrackerHandle {
  const document: TrackerHandle["document"] = atCall(tracker, { kind: "tracker", ...options });
  return Object.freeze({ name, document: Object.freeze(document) });
}
