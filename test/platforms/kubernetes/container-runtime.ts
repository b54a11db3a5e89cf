import type { ServerResponse } from "node:http";
import type { Container, PodSpec } from "./pod-spec.ts";

export interface StartRequest {
  readonly container: Container;
  readonly pod: PodSpec;
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  /** Folder of a volume. */
  readonly volume: (name: string) => string;
}

export interface LogRequest {
  readonly follow: boolean;
  readonly since: string | null;
  readonly tail: string | null;
}

export interface RunningContainer {
  /** In the network of the cluster. */
  readonly address: string;
  readonly ended: Promise<{ readonly exitCode: number; readonly outOfMemory: boolean }>;
  stop(graceSeconds: number): Promise<void>;
  /** Answers with its output, a timestamp before every line. */
  serveLog(request: LogRequest, response: ServerResponse): Promise<void>;
  remove(): Promise<void>;
}

/** What runs containers on the fake node. */
export interface ContainerRuntime {
  /** A reason: why it could not be started. */
  start(request: StartRequest): Promise<RunningContainer | { readonly reason: string }>;
}
