import type {
  Command,
  Environment,
  JsonObject,
  JsonValue,
  OutputDefinition,
  Plan,
  Resources,
  Timeout,
  Usage,
} from "@scanflow/core";

/** Runs attempts somewhere. One implementation a platform; the engine knows no more of it than this. */
export interface Runner {
  readonly name: string;
  /** Refuses before anything starts what this platform cannot do (a coded error). */
  check(spec: Pick<AttemptSpec, "task" | "command" | "environment">): void;
  /**
   * Whether what it starts goes on when the owner is killed. Then no attempt starts before it is on record, and `adopt`
   * is asked about those that were under way.
   */
  readonly outlives?: boolean;
  /**
   * Looks, before a run's first event, whether the platform can be reached and has what the plan needs (coded errors).
   */
  ready?(plan: Plan): Promise<void>;
  /** Starts an attempt. Never throws: what goes wrong is the outcome. */
  start(spec: AttemptSpec, listener: AttemptListener): RunningAttempt;
  /**
   * Goes on with an attempt that an earlier owner started and that still runs or has ended meanwhile, with the same
   * token; null: it cannot be gone on with, and is to be reclaimed.
   */
  adopt?(spec: AttemptSpec, listener: AttemptListener): Promise<RunningAttempt | null>;
  /** Nothing more of this run happens here: frees what its attempts shared, such as networks. */
  leave?(run: string): Promise<void>;
  /** Ends whatever an earlier owner left of this attempt (whole process groups), so that it can have no late effect. */
  reclaim(attempt: AttemptPlace): Promise<void>;
  /** Ends everything and frees what is kept warm. */
  close(): Promise<void>;
}

export interface AttemptPlace {
  readonly run: string;
  /** Task instance id, such as `train[2]/fit`. */
  readonly task: string;
  readonly attempt: number;
  readonly token: string;
  /** The attempt's own folder (absolute): inputs and outputs lie below it, scratch files beside it under its name. */
  readonly workdir: string;
}

export interface AttemptSpec extends AttemptPlace {
  /** What it is part of, for names and labels. `group`: path of the nested workflow, "" at the top. */
  readonly origin?: { readonly application: string; readonly workflow: string; readonly group: string };
  /** What it may use; absent: without limits. */
  readonly resources?: Resources;
  /** The config's folder (absolute): the working directory. */
  readonly root: string;
  readonly command: Command;
  /** Input name to artifact digest. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Input name to the name of the file it comes from, whose extension it keeps; absent: no extension. */
  readonly inputFiles?: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, OutputDefinition>>;
  readonly params: JsonObject;
  /** The map item; undefined outside a map. */
  readonly item?: JsonValue;
  readonly environment: Environment;
  readonly env: Readonly<Record<string, string>>;
  /** Names of variables of the owner's environment to hand over; their values are masked in logs. */
  readonly secrets: readonly string[];
  readonly timeout: Timeout;
  readonly tracking: { readonly uri: string; readonly experimentId: string; readonly runId: string };
  /** Folder that survives the task's attempts (absolute). */
  readonly checkpoint: string;
  /** Log file of this attempt (absolute); both output streams, in order of arrival. */
  readonly log: string;
}

export interface AttemptListener {
  /** The command itself has begun. */
  started(): void;
  /** A function step logged metrics or tags. (Other commands speak to the tracker themselves.) */
  logged(batch: LoggedBatch): void;
  /** One whole line of the log, masked. */
  line(line: string): void;
}

export interface LoggedBatch {
  readonly metrics: readonly {
    readonly key: string;
    readonly value: number;
    readonly step: number;
    readonly time: number;
  }[];
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

export interface RunningAttempt {
  /** Settles when nothing of the attempt runs any more and its outputs are published. Never rejects. */
  readonly done: Promise<AttemptOutcome>;
  /** Asks to end, then ends by force; `done` then settles as cancelled. */
  cancel(): void;
}

export type AttemptOutcome =
  | {
      readonly kind: "succeeded";
      /** Output name to artifact digest; an optional output that was not written is absent. */
      readonly outputs: Readonly<Record<string, string>>;
      readonly result: JsonObject;
      readonly usage: Usage;
    }
  | {
      readonly kind: "failed";
      readonly error: { readonly code: string; readonly message: string };
      /** Whether trying again can help (a missing command cannot). */
      readonly retryable: boolean;
      readonly usage: Usage;
    }
  | { readonly kind: "cancelled" };
