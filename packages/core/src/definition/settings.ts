import type { JsonObject } from "../json.ts";

export type Environment =
  /** The machine as it is. */
  | { readonly kind: "host" }
  | {
      readonly kind: "python";
      /** Path of a requirements file, or null. */
      readonly requirements: string | null;
      readonly packages: readonly string[];
      /** Interpreter to build from, as a command (`python3.12`); null: `python3`. */
      readonly python: string | null;
      /** Debian packages by name. */
      readonly apt: readonly string[];
    }
  | {
      readonly kind: "node";
      /** Path of a package.json, or null. */
      readonly package: string | null;
      /** Debian packages by name. */
      readonly apt: readonly string[];
    }
  | { readonly kind: "image"; readonly image: string }
  | { readonly kind: "dockerfile"; readonly dockerfile: string; readonly context: string };

export interface Resources {
  /** Cores; fractions allowed. */
  readonly cpu: number;
  /** Bytes; 0: not declared. */
  readonly memory: number;
  readonly gpu: number;
  /** Bytes of scratch space; 0: not declared. */
  readonly storage: number;
}

/** On which machines of a cluster a task may run. */
export interface Placement {
  /** Labels that the machine must have. */
  readonly labels: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
  /** The affinity of a pod as Kubernetes writes it, unchecked; null: none. */
  readonly affinity: JsonObject | null;
  /** The service account that it runs as; null: the platform's default. */
  readonly serviceAccount: string | null;
}

/** A taint of machines that a task bears; null stands for any. */
export interface Toleration {
  readonly key: string | null;
  readonly value: string | null;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute" | null;
}

export interface Retry {
  /** Tries after the first. */
  readonly limit: number;
  readonly delayMs: number;
  /** Each delay is the one before times this. */
  readonly factor: number;
  readonly maxDelayMs: number;
  /** Share of the delay that is drawn at random, 0 to 1. */
  readonly jitter: number;
}

export interface Timeout {
  /** From being scheduled to the command's start (environment built, inputs in place); null: none. */
  readonly startMs: number | null;
  readonly runMs: number | null;
  /** The longest silence of `SCANFLOW_HEARTBEAT_FILE`; null: no heartbeat asked for. */
  readonly heartbeatMs: number | null;
}
