import type { Stop } from "./outcome.ts";
import type { Exit } from "./process/exit.ts";
import type { AttemptListener, AttemptPlace, AttemptSpec, RunningAttempt } from "./runner.ts";

/**
 * How what runs in containers reaches the owner. Every attempt gets a token of its own, which can do what that attempt
 * may do and no more, and nothing once it is revoked.
 */
export interface Gateway {
  /**
   * Listens on one address, such as that of a bridge. Errors: SCANFLOW_GATEWAY_ADDRESS when the address is not this
   * machine's or the port is taken.
   */
  open(options: DoorOptions): Promise<Door>;
  /** Closes all doors. */
  close(): Promise<void>;
}

export interface DoorOptions {
  readonly host: string;
  /** 0, the default: a free one. */
  readonly port?: number;
  /** URL at which containers reach it, where that is another than `http://host:port`; `:0` stands for the port that it gets. */
  readonly advertised?: string;
  /** With which workers may claim any attempt that was offered to workers; undefined: none may. */
  readonly workerToken?: string;
}

/** One listener. */
export interface Door {
  /** Where containers reach it, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Lets an attempt that the platform carries out by itself speak to its tracker run, and do nothing else. */
  admit(pass: Pass): Admission;
  /**
   * Has an attempt carried out by a shim, which fetches its inputs, runs it and publishes its outputs. Throws what
   * `remoteCommand` throws, and SCANFLOW_SECRET_MISSING.
   */
  offer(offer: Offer): OfferedAttempt;
  close(): Promise<void>;
}

/** A door at which workers claim. */
export interface WorkerDoor extends Door {
  /** There is no more to do of a task, until an attempt of it is offered. */
  ended(end: TaskEnd): void;
  /** Resolves once a worker of each of these tasks has heard of its end; or when none has come for so long. */
  told(tasks: readonly string[], patienceMs: number): Promise<void>;
}

/** How a task of the plan came to its end. */
export interface TaskEnd {
  /** Id in the plan, such as `train[*]/fit`. */
  readonly task: string;
  readonly status: "succeeded" | "skipped" | "failed" | "cancelled";
}

/** Who is admitted to its tracker run. */
export interface Pass extends AttemptPlace, Pick<AttemptSpec, "tracking"> {
  /** The token that it was given by an earlier owner, whose container goes on; by default a new one is made. */
  readonly bearer?: string;
}

export interface Admission {
  /** Bearer token. */
  readonly token: string;
  /** `MLFLOW_TRACKING_URI`. */
  readonly trackingUri: string;
  /** All variables by which MLflow finds its run: its URI and token, the experiment, the run. */
  readonly variables: Readonly<Record<string, string>>;
  /** From now on the token is refused. */
  revoke(): void;
}

export interface Offer {
  readonly spec: AttemptSpec;
  readonly listener: AttemptListener;
  /** `worker`: whoever claims its task with the workers' token; `token`: the one container that is given its token. */
  readonly to: "worker" | "token";
  /**
   * Whether the shim runs the command. False: the platform does, between the shim's `fetch` and `publish`; then the
   * platform tells of `started`, `log` and `ended`, and no signs of life are expected. Default true.
   */
  readonly runs?: boolean;
  /**
   * Whether somebody beside a command that the platform runs looks after its heartbeat and its checkpoint (the shim's
   * `attend`). Then the end of an attempt that did not succeed waits for its checkpoint. Default false.
   */
  readonly attended?: boolean;
  /** How long the platform gives the attempt to end once it is asked to; default: as long as a command has. */
  readonly graceMs?: number;
  /** Digest of the folder of the application's files, to be fetched into `/app`; undefined: they are there. */
  readonly code?: string;
  /**
   * The token that an earlier owner gave (`SCANFLOW_GATEWAY_TOKEN`), where its container goes on: all that the shim and
   * the command were given then is valid again. The door has to be where it was.
   */
  readonly bearer?: string;
}

/** An attempt that is out of the house. `cancel` and all its timeouts ask the shim to end the command. */
export interface OfferedAttempt extends RunningAttempt {
  /** Variables for the container whose shim carries it out: where the gateway is, and the attempt's token. */
  readonly variables: Readonly<Record<string, string>>;
  /**
   * Variables under which the command runs (the node contract, the node's own, secrets), for a platform that runs it
   * itself. Hide what is secret in it from whoever may read the container's description.
   */
  readonly command: RemoteCommand;
  /** In the place of `SCANFLOW_GATEWAY_TOKEN` for who attends it; undefined where nobody does. */
  readonly attendToken: string | undefined;
  /** Whether its container has come to the gateway. */
  readonly isClaimed: boolean;
  /** Calls back once the attempt must end before its time: cancelled, or out of time. */
  onStop(tell: (reason: Stop) => void): () => void;
  /** The platform started the command itself. */
  started(): void;
  /** The platform found that a service can be asked, at this base address. */
  ready(url: string): void;
  /** The command that the platform ran has failed, however: what it left in its checkpoint is the last of it. */
  commandEnded(): void;
  /** A stream of the output of a command that the platform runs. */
  log(): { write(chunk: Buffer): void; end(): void };
  /** The command that the platform ran has ended; with code 0 the outputs are still to be published. */
  exited(exit: Exit): void;
  /**
   * The platform says that nothing of the attempt runs any more. Unless it has answered it has failed, for this reason;
   * what comes later is refused.
   */
  gone(reason: Stop): void;
}

/** What is started in a container (see `remoteCommand`). */
export interface RemoteCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** Whether a shell runs it. */
  readonly shell: boolean;
  readonly variables: Readonly<Record<string, string>>;
  /** Names of variables whose values are secrets. */
  readonly secret: readonly string[];
  /** Names of contract variables that are too long to be set. */
  readonly leftOut: readonly string[];
  /** What has to lie there before it starts. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
}
