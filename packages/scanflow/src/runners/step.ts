import type { JsonObject, JsonValue } from "@scanflow/core";

/**
 * What a function step is given. A step is a module whose exported function takes this and may return an object of
 * small values (its result, which conditions and `map` read).
 *
 * ```ts
 * import type { StepContext } from "scanflow";
 *
 * export default async function split({ inputs, outputs, params }: StepContext) {
 *   console.log(`reading ${inputs.digits}, writing ${outputs.train}, seed ${params.seed}`);
 *   return { rows: 1797 };
 * }
 * ```
 */
export interface StepContext<
  Inputs extends string = string,
  Outputs extends string = string,
  Params extends JsonObject = JsonObject,
> {
  /** Absolute path of every input. */
  readonly inputs: Readonly<Record<Inputs, string>>;
  /** Absolute path to write every output to. */
  readonly outputs: Readonly<Record<Outputs, string>>;
  readonly params: Readonly<Params>;
  /** The map item; null outside a map. */
  readonly item: JsonValue;
  /** Folder that survives the task's attempts. */
  readonly checkpoint: string;
  /** Aborted when the attempt is cancelled or out of time. */
  readonly signal: AbortSignal;
  /** Logs a metric; `step` defaults to 0. */
  metric(key: string, value: number, step?: number): void;
  /** Sets a tag on the attempt's tracker run. */
  tag(key: string, value: string): void;
  /** Tells the engine that the step is alive (needed only with a heartbeat timeout). */
  heartbeat(): void;
}

/** A function step. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function without a return statement gives void
export type Step = (context: StepContext) => JsonObject | void | Promise<JsonObject | void>;
