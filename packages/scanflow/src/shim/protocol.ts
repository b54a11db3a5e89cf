/**
 * What a shim and a gateway say to each other: JSON over HTTP, below `protocolPath`. The gateway looks at everything
 * that comes from a shim before it believes it; a shim believes its gateway.
 */
export const protocolVersion = 1;
export const protocolPath = "/scanflow/v1";

/** Asks for work: of a task, with the token of all workers; or, with the token of an attempt, for that. */
export interface Claim {
  readonly version: typeof protocolVersion;
  /** Task of the plan, such as `train[*]/fit`; null with the token of an attempt. */
  readonly task: string | null;
  /** Where the attempt's files and the application's are to lie (absolute). */
  readonly site: { readonly folder: string; readonly root: string };
  /** How the shim itself is started there, for function steps. */
  readonly shim: readonly string[];
  /** URL by which it has found the gateway, and its commands do; undefined: the gateway's own. */
  readonly gateway?: string | undefined;
}

export type ClaimAnswer =
  | { readonly kind: "order"; readonly order: Order }
  /** There is nothing to do yet: ask again at once. */
  | { readonly kind: "wait" }
  /** There will be no more to do. */
  | { readonly kind: "over"; readonly exit: 0 | 1; readonly message: string };

/** All that a shim needs to know of an attempt. */
export interface Order {
  readonly version: typeof protocolVersion;
  readonly run: string;
  readonly task: string;
  readonly attempt: number;
  /** Bearer token for everything else that is said about this attempt. */
  readonly token: string;
  /** The application's files; null: they lie there already. */
  readonly code: Content | null;
  readonly inputs: readonly (Content & { readonly name: string; readonly path: string })[];
  readonly outputs: readonly OrderedOutput[];
  readonly command: OrderedCommand;
  /** What has to lie there before the command starts. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly places: OrderedPlaces;
  /** Whether an earlier attempt left a checkpoint that is to be brought; false: what lies there is the newest. */
  readonly checkpoint: boolean;
  /** The working directory. */
  readonly root: string;
  /** The attempt's folder. */
  readonly folder: string;
  /** How long the command may take to end after it was asked to. */
  readonly graceMs: number;
}

export interface Content {
  readonly digest: string;
  readonly kind: "file" | "folder";
  /** In bytes. */
  readonly size: number;
}

export interface OrderedOutput {
  readonly name: string;
  readonly path: string;
}

export interface OrderedCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  /** Whether secrets are among the variables. */
  readonly secret: boolean;
}

export interface OrderedPlaces {
  readonly result: string;
  readonly heartbeat: string;
  readonly checkpoint: string;
  /** Of function steps; null for other commands. */
  readonly logged: string | null;
}

/** A sign of life, answered as late as the gateway likes: then the next is sent. */
export interface Beat {
  /** How long ago the command touched its heartbeat file; null: never. */
  readonly heartbeatMs: number | null;
  /** Whether the command has been started. */
  readonly running: boolean;
}

export interface BeatAnswer {
  readonly kind: "go" | "stop";
}

/** Asks what to attend: of an attempt whose command the platform runs, in a container beside it. */
export interface Attend {
  readonly version: typeof protocolVersion;
  /** Where the attempt's files lie (absolute). */
  readonly folder: string;
}

export interface AttendOrder {
  readonly heartbeat: string;
  readonly checkpoint: string;
  /** How long the command may take to end after it was asked to. */
  readonly graceMs: number;
  /** Shortest time between two times that the checkpoint is handed in while the command runs. */
  readonly everyMs: number;
  /** Most bytes that a checkpoint may have. */
  readonly mostBytes: number;
}

/** A sign of life of who attends, answered as late as the gateway likes. */
export interface AttendBeat {
  /** How long ago the command touched its heartbeat file; null: never. */
  readonly heartbeatMs: number | null;
  /** Why the checkpoint is not handed in as it is now; null: nothing is in the way. */
  readonly trouble: string | null;
}

/** `end`: the command has ended, and its checkpoint is waited for. */
export interface AttendAnswer {
  readonly kind: "go" | "end";
}

/** What became of a checkpoint that was sent. */
export interface CheckpointAnswer {
  readonly kept: boolean;
}

/** How an attempt ended for its shim. The gateway makes the outcome of it. */
export interface End {
  /** How the command ended; null when it did not run. */
  readonly exit: { readonly code: number | null; readonly signal: string | null } | null;
  /** Why the system did not start the command. */
  readonly refused: { readonly code: string; readonly message: string } | null;
  /** What stopped the shim's own work: inputs that did not come whole, a disk that is full. */
  readonly trouble: { readonly code: string | null; readonly message: string } | null;
  /** What stands in the result file; null: nothing. */
  readonly result: string | null;
  /** Why the result file was not read. */
  readonly resultFault: string | null;
  /** Digest of each output that was sent. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Why an output could not be sent. */
  readonly outputFaults: readonly { readonly name: string; readonly what: string }[];
  /** Whether the system ended a process because memory ran out. */
  readonly outOfMemory: boolean;
  /** The last line that a function step logged, which says how it ended: its owner may be another than at the time. */
  readonly lastLogged: string | null;
  /** How many processes the command left behind, which were ended. */
  readonly left: number;
  readonly usage: { readonly cpuMs: number | null; readonly peakMemory: number | null };
}

export interface EndAnswer {
  readonly kind: "succeeded" | "failed" | "cancelled";
  readonly message: string;
}

/** How refusals are answered. */
export interface Refusal {
  readonly error_code: string;
  readonly message: string;
}

/** Header of the log's frames: which stream, and how many bytes follow. */
export const frameHeaderBytes = 5;
export const streams = ["stdout", "stderr"] as const;
