import type {
  Command,
  Environment,
  JsonObject,
  JsonValue,
  OutputDefinition,
  Placement,
  Plan,
  Resources,
  Retry,
  ServiceSettings,
  TaskStatus,
  Timeout,
  Usage,
} from "@scanflow/core";

/**
 * Runs attempts somewhere. One implementation a platform; the engine knows no more of it than this.
 *
 * A service (`spec.service` is there) is an attempt that stays up:
 * - It finds where to listen in `SCANFLOW_HOST` (`127.0.0.1` for a process, `0.0.0.0` in a container) and
 *   `SCANFLOW_PORT`: `service.port`, or where that is null one that the runner chooses; in containers, which have their
 *   ports to themselves, 8080.
 * - The runner calls `listener.ready(url)` once it can be asked: with `service.health`, once a GET of that path is
 *   answered with 200 to 399; without, once the port takes connections. With several replicas, once one of them does.
 *   `url` is the base address without a closing slash, as the attempts of this runner reach it; the engine hands it to
 *   all that start from then on, in `spec.services`. In container networks the node's name resolves as well.
 * - Of its timeouts only `startMs` counts, and until it is ready.
 * - It is ended by `cancel()`; `done` then settles as `cancelled`, with what it used. The engine cancels it when the run
 *   needs it no more. One that ends by itself settles as `failed`, or as `succeeded`, which the engine takes for a
 *   failure: it is started anew as its `retry` says.
 * - `adopt` calls `ready` again, when it is.
 */
export interface Runner {
  readonly name: string;
  /** Refuses before anything starts what this platform cannot do (a coded error). */
  check(spec: Pick<AttemptSpec, "task" | "command" | "environment" | "service">): void;
  /**
   * Whether what it starts goes on when the owner is killed. Then no attempt starts before it is on record, and `adopt`
   * is asked about those that were under way.
   */
  readonly outlives?: boolean;
  /** Whether what it starts runs on other machines, so that what this one has is no limit. */
  readonly elsewhere?: boolean;
  /**
   * Looks, before a run's first event, whether the platform can be reached and has what the plan needs (coded errors).
   * A run that `begins` has left nothing running that it could be in its own way.
   */
  ready?(plan: Plan, run: { readonly begins: boolean }): Promise<void>;
  /** Starts an attempt. Never throws: what goes wrong is the outcome. */
  start(spec: AttemptSpec, listener: AttemptListener): RunningAttempt;
  /**
   * Goes on with an attempt that an earlier owner started and that still runs or has ended meanwhile, with the same
   * token; null: it cannot be gone on with, and is to be reclaimed.
   */
  adopt?(spec: AttemptSpec, listener: AttemptListener): Promise<RunningAttempt | null>;
  /** Hears how a run's tasks stand after each of its steps: where somebody waits for tasks, those are to be told. */
  heed?(standing: RunStanding): void;
  /** Nothing more of this run happens here: frees what its attempts shared, such as networks. */
  leave?(run: string): Promise<void>;
  /** Ends whatever an earlier owner left of this attempt (whole process groups), so that it can have no late effect. */
  reclaim(attempt: AttemptPlace): Promise<void>;
  /**
   * Ends what earlier owners left of attempts whose start may not be on record, by their tokens. Only where attempts begin
   * before that: what `outlives` its owner does not.
   */
  reclaimUnrecorded?(isOne: (token: string) => boolean): Promise<void>;
  /** Ends everything and frees what is kept warm. */
  close(): Promise<void>;
}

/** How the tasks of a run stand. Inside a map there are as many instances as the map was opened with, or none yet. */
export interface RunStanding {
  readonly run: string;
  readonly plan: Plan;
  readonly tasks: readonly {
    /** Id of the instance, such as `train[2]/fit`. */
    readonly id: string;
    /** Position of its task in the plan. */
    readonly template: number;
    readonly status: TaskStatus;
  }[];
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
  /** On which machines of a cluster; absent: on any. */
  readonly placement?: Placement;
  /** How a service is asked, and how many of it there are; absent: it is none. */
  readonly service?: ServiceSettings;
  /** Base addresses of the services that are up, by the names of their nodes. */
  readonly services?: Readonly<Record<string, string>>;
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
  /** How it is tried again; absent: it is not. */
  readonly retry?: Retry;
  readonly tracking: {
    readonly uri: string;
    readonly experimentId: string;
    readonly runId: string;
    /** With which the gateway asks this tracker for the attempt; the attempt itself is not given it. */
    readonly token?: string;
  };
  /** Folder that survives the task's attempts (absolute). */
  readonly checkpoint: string;
  /** Log file of this attempt (absolute); both output streams, in order of arrival. */
  readonly log: string;
}

export interface AttemptListener {
  /** The command itself has begun. */
  started(): void;
  /** A service can be asked at this base address. */
  ready(url: string): void;
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
  | { readonly kind: "cancelled"; readonly usage?: Usage };
