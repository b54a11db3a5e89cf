import { mkdirSync } from "node:fs";
import type { RemoteStep } from "../contract/remote-command.ts";
import type { LoggedBatch } from "../runner.ts";
import type { StepContext } from "../step.ts";

/** What a step can do besides reading and writing files, wherever it runs. */
export interface StepHands {
  readonly signal: AbortSignal;
  metric(metric: LoggedBatch["metrics"][number]): void;
  tag(tag: LoggedBatch["tags"][number]): void;
  heartbeat(): void;
}

/** What a step is given. Steps in JavaScript may log anything: it is made what the tracker takes. */
export function stepContext(
  { inputs, outputs, params, item, checkpoint }: Omit<RemoteStep, "root">,
  { signal, metric, tag, heartbeat }: StepHands,
): StepContext {
  return {
    inputs,
    outputs,
    params,
    item,
    get checkpoint() {
      mkdirSync(checkpoint, { recursive: true });
      return checkpoint;
    },
    signal,
    metric: (key, value, step = 0) => {
      metric({ key: String(key), value: Number(value), step: Number(step), time: Date.now() });
    },
    tag: (key, value) => tag({ key: String(key), value: String(value) }),
    heartbeat,
  };
}
