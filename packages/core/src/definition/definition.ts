import type { Expression } from "../expression/index.ts";
import type { JsonValue } from "../json.ts";
import type { Environment, Placement, Resources, Retry, Timeout } from "./settings.ts";

export type * from "./settings.ts";

/**
 * The normalised definition of an application: what both the builders and a parsed `scanflow.yaml` become.
 * Frozen plain data: every default is filled in, every shorthand spelled out, references parsed but not yet
 * resolved (the plan resolves them).
 */
export interface Application {
  readonly kind: "application";
  readonly name: string;
  readonly description: string;
  /** The workflow that `scanflow run` runs when none is named. */
  readonly main: string;
  /** The tracker that workflows inherit; null means the embedded one. */
  readonly tracker: TrackerNode | null;
  readonly workflows: readonly Workflow[];
}

export interface Workflow {
  readonly kind: "workflow";
  readonly name: string;
  readonly description: string;
  readonly mode: "batch" | "online";
  readonly params: Readonly<Record<string, ParamDefinition>>;
  /** Names of the artifacts that a surrounding workflow hands in. */
  readonly inputs: readonly string[];
  /** What a surrounding workflow may refer to. */
  readonly outputs: Readonly<Record<string, Reference>>;
  /** Its own tracker (the node of kind `tracker` among its nodes); null means inherited. */
  readonly tracker: TrackerNode | null;
  /** All nodes but the tracker, in written order. */
  readonly nodes: readonly WorkNode[];
  readonly schedules: readonly Schedule[];
}

/** When a workflow runs by itself. */
export interface Schedule {
  /** Five fields: minute, hour, day of the month, month, day of the week (Sunday is 0). */
  readonly cron: string;
  /** Of the IANA database, such as `Europe/Madrid`. */
  readonly timezone: string;
  /** Parameters of its runs; the others keep their defaults. */
  readonly params: Readonly<Record<string, JsonValue>>;
}

/** All that stands in a workflow's node list, trackers included. */
export type Node = WorkNode | TrackerNode;

/** The nodes that become tasks. */
export type WorkNode =
  | ExecutorNode
  | CheckerNode
  | ServiceNode
  | WorkflowNode
  | ChoiceNode
  | ApprovalNode
  | LabelingNode;

interface NodeBase {
  readonly name: string;
  readonly description: string;
  /** Runs only when this is true; else the node is skipped. */
  readonly when: Expression | null;
  /** Edges of order only. */
  readonly after: readonly OrderEdge[];
}

export interface OrderEdge {
  readonly node: string;
  /** `succeeded` (the default) is also met by a skipped upstream; `finished` by any end. */
  readonly if: EdgeCondition;
}

export type EdgeCondition = "succeeded" | "failed" | "finished";

interface RunnableBase extends NodeBase {
  readonly run: Command;
  /** Globs of the files that make up the code; empty means the default (see the node contract). */
  readonly code: readonly string[];
  readonly inputs: Readonly<Record<string, InputSource>>;
  readonly outputs: Readonly<Record<string, OutputDefinition>>;
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly environment: Environment;
  readonly resources: Resources;
  readonly placement: Placement;
  /** Extra environment variables, in the clear: never put a secret here. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of environment variables of the owner that the runner hands over at the last moment. */
  readonly secrets: readonly string[];
  readonly retry: Retry;
  readonly timeout: Timeout;
  /** Whether an unchanged task is taken from the cache. */
  readonly cache: boolean;
  readonly map: MapDefinition | null;
  /** A failure here does not fail the run: what needs its outputs is skipped, what only follows it goes on. */
  readonly allowFailure: boolean;
}

export interface ExecutorNode extends RunnableBase {
  readonly kind: "executor";
}

/** Judges data or a model: writes the output `verdict`. */
export interface CheckerNode extends RunnableBase {
  readonly kind: "checker";
  /** The least verdict status that makes the task fail; `never` keeps the verdict a value. */
  readonly failOn: "never" | "warning" | "alarm" | "invalid";
}

/** Stays up and answers predictions. */
export interface ServiceNode extends RunnableBase, ServiceSettings {
  readonly kind: "service";
}

export interface ServiceSettings {
  /** Port on which it answers; null: the one that the runner hands it in `SCANFLOW_PORT`. */
  readonly port: number | null;
  /** How many run side by side. */
  readonly replicas: number;
  /** How many may, where the platform scales it by load; null: always as many as `replicas`. */
  readonly maxReplicas: number | null;
  /** Path, beginning with `/`, that answers 200 to 399 once it can be asked; null: none. */
  readonly health: string | null;
}

/** A nested workflow. */
export interface WorkflowNode extends NodeBase {
  readonly kind: "workflow";
  readonly workflow: string;
  readonly inputs: Readonly<Record<string, InputSource>>;
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly map: MapDefinition | null;
}

/** Dynamic execution: the first branch whose condition holds is taken. */
export interface ChoiceNode extends NodeBase {
  readonly kind: "choice";
  readonly branches: readonly Branch[];
}

export interface Branch {
  /** null: otherwise. */
  readonly when: Expression | null;
  /** Sibling nodes that run only when this branch is taken. */
  readonly run: BranchTargets;
  /**
   * What the choice's own outputs are when this branch is taken (the same names in every branch). They may name the
   * branch's own targets: who needs such an output waits for them too.
   */
  readonly outputs: Readonly<Record<string, InputSource>>;
}

export type BranchTargets =
  | { readonly kind: "none" }
  /** One after the other. */
  | { readonly kind: "sequence"; readonly nodes: readonly string[] }
  /** The first that succeeds: each next one runs only when the one before it failed. */
  | { readonly kind: "first-of"; readonly nodes: readonly string[] };

/** Waits until a person says yes or no (`scanflow approve`). */
export interface ApprovalNode extends NodeBase {
  readonly kind: "approval";
  readonly message: string;
  /** Artifacts shown to the person. */
  readonly inputs: Readonly<Record<string, InputSource>>;
}

/** Waits for a person's labels. */
export interface LabelingNode extends NodeBase {
  readonly kind: "labeling";
  readonly message: string;
  readonly inputs: Readonly<Record<string, InputSource>>;
  readonly outputs: Readonly<Record<string, OutputDefinition>>;
}

/** Where a workflow's runs, metrics and models are kept. */
export interface TrackerNode {
  readonly kind: "tracker";
  readonly name: string;
  readonly description: string;
  /** Port on which its MLflow REST API listens; null: the embedded one's. */
  readonly port: number | null;
}

export type Command =
  /** A program with its arguments, or one line for the shell. */
  | { readonly kind: "command"; readonly command: string | readonly string[] }
  /** A TypeScript or JavaScript module that exports a function. */
  | { readonly kind: "module"; readonly module: string; readonly export: string }
  | { readonly kind: "notebook"; readonly notebook: string }
  /** A checker: a built-in by its name, a module by its path, or a command. */
  | { readonly kind: "check"; readonly check: string };

/** Points to an output of a sibling node, or to an input of the enclosing workflow. */
export type Reference =
  | { readonly kind: "output"; readonly node: string; readonly output: string }
  | { readonly kind: "input"; readonly name: string };

export type InputSource =
  | Reference
  /** A file or folder, relative to the config's folder. */
  | { readonly kind: "file"; readonly path: string }
  /** A version of a dataset in the application's catalog of data. */
  | DataInput
  /** The first of these that was produced: the join after a choice. */
  | { readonly kind: "first"; readonly of: readonly Reference[] };

/** An input that is a version of a dataset; its content lies in the artifact store when the run is made. */
export interface DataInput {
  readonly kind: "data";
  readonly dataset: string;
  /** null: the newest one when the run is made. */
  readonly version: number | null;
}

export interface OutputDefinition {
  /** File name that the command writes; defaults to the output's name. */
  readonly path: string;
  readonly type: "any" | "file" | "folder" | "json" | "csv" | "text" | "image" | "model";
  readonly optional: boolean;
  /** Registers the artifact as a new version of this model. */
  readonly register: string | null;
  readonly description: string;
}

export type ParamType = "string" | "integer" | "number" | "boolean" | "list" | "object";

export interface ParamDefinition {
  readonly type: ParamType;
  /** undefined: the parameter must be given. */
  readonly default?: JsonValue;
  readonly choices: readonly JsonValue[] | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly description: string;
}

export type ParamValue =
  | { readonly kind: "literal"; readonly value: JsonValue }
  | { readonly kind: "expression"; readonly expression: Expression };

export type MapDefinition =
  /** A list, or an expression that gives one (such as an upstream's result). */
  | { readonly kind: "over"; readonly over: ParamValue; readonly concurrency: number | null }
  /** Every combination of these lists; the item is an object. */
  | {
      readonly kind: "sweep";
      readonly sweep: Readonly<Record<string, readonly JsonValue[]>>;
      readonly concurrency: number | null;
    };
