import type { Environment, Placement, Resources, Retry, Timeout } from "../definition.ts";
import { deepFreeze } from "./deep-freeze.ts";

interface NodeSettings {
  readonly environment: Environment;
  readonly resources: Resources;
  readonly placement: Placement;
  readonly retry: Retry;
  readonly timeout: Timeout;
  readonly cache: boolean;
}

/** What is filled in where a definition says nothing. */
export const DEFINITION_DEFAULTS = deepFreeze({
  workflow: { mode: "batch" },
  schedule: { timezone: "UTC" },
  /** Settings that the `defaults` of a workflow may replace. */
  node: {
    environment: { kind: "host" },
    resources: { cpu: 1, memory: 0, gpu: 0, storage: 0 },
    placement: { labels: {}, tolerations: [], affinity: null, serviceAccount: null },
    retry: { limit: 0, delayMs: 1000, factor: 2, maxDelayMs: 300_000, jitter: 0.2 },
    timeout: { startMs: null, runMs: null, heartbeatMs: null },
    cache: true,
  } satisfies NodeSettings as NodeSettings,
  after: { if: "succeeded" },
  module: { export: "default" },
  dockerfile: { context: "." },
  allowFailure: false,
  checker: { failOn: "never" },
  /** The output that every checker has. */
  verdict: { path: "verdict.json", type: "json", optional: false, register: null, description: "" },
  service: { port: null, replicas: 1, maxReplicas: null, health: null },
  /** The path of an output is its name. */
  output: { type: "any", optional: false, register: null, description: "" },
  map: { concurrency: null },
  tracker: { name: "tracker", port: null },
} as const);

export type NodeDefaults = NodeSettings;
