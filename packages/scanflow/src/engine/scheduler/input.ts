import type { CacheMiss, EventBody, JsonObject, Usage } from "@scanflow/core";

/** What reaches the scheduler from outside, each with the time by the owner's clock. */
export type Input = { readonly now: number } & (
  | ({ readonly kind: "create" } & Omit<Extract<EventBody, { event: "run-created" }>, "event">)
  /** A new owner took the stored run up. `adopted`: tokens of attempts that go on; all others that ran are lost. */
  | { readonly kind: "resume"; readonly owner: string; readonly adopted?: readonly string[] }
  | { readonly kind: "cache-hit"; readonly task: string; readonly key: string; readonly hit: CacheHit }
  /** The task may take its resources: start it. */
  | {
      readonly kind: "admitted";
      readonly task: string;
      readonly key: string | null;
      readonly miss: CacheMiss;
    }
  /** It cannot start (impossible resources, an input that cannot be read). */
  | { readonly kind: "refused"; readonly task: string; readonly message: string }
  | ({ readonly kind: "succeeded"; readonly usage: Usage } & Answer & Values)
  | ({
      readonly kind: "failed";
      readonly usage: Usage;
      readonly error: CodedError;
      readonly retryable: boolean;
    } & Answer &
      Partial<Values>)
  /** It was asked to end, and did. */
  | ({
      readonly kind: "ended";
      readonly usage?: Usage;
      readonly metrics?: Values["metrics"];
    } & Answer)
  /** A service can be asked. */
  | ({ readonly kind: "ready"; readonly url: string } & Answer)
  | { readonly kind: "wake" }
  | { readonly kind: "pause" }
  | { readonly kind: "continue" }
  | { readonly kind: "cancel"; readonly reason: string }
  /** Failed tasks (all, or those named) and what hangs on them are to run again. */
  | { readonly kind: "retry"; readonly tasks: readonly string[] | null }
  | {
      readonly kind: "decide";
      readonly task: string;
      readonly approved: boolean;
      readonly by: string;
      readonly comment: string;
    }
);

/** An input whose time the shell adds. */
export type Untimed = Input extends infer I ? (I extends Input ? Omit<I, "now"> : never) : never;

export interface Answer {
  readonly task: string;
  readonly attempt: number;
  readonly token: string;
}

interface Values {
  readonly outputs: Readonly<Record<string, string>>;
  readonly result: JsonObject;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface CacheHit extends Values {
  readonly from: { readonly run: string; readonly task: string; readonly attempt: number };
}

interface CodedError {
  readonly code: string;
  readonly message: string;
}

/** What the shell is asked to do once the events are stored. */
export type Command =
  /** The task can start: look into the cache, then ask for its resources. */
  | { readonly kind: "open"; readonly task: string }
  | { readonly kind: "start"; readonly task: string; readonly attempt: number; readonly token: string }
  | { readonly kind: "stop"; readonly task: string; readonly attempt: number; readonly token: string }
  | { readonly kind: "wake"; readonly at: number }
  | { readonly kind: "finished" };

export interface Sink {
  emit(body: EventBody): void;
  command(command: Command): void;
}
