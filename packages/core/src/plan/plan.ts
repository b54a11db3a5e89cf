import type {
  Command,
  DataInput,
  EdgeCondition,
  Environment,
  OutputDefinition,
  ParamDefinition,
  Placement,
  Resources,
  Retry,
  Schedule,
  ServiceSettings,
  Timeout,
} from "../definition/definition.ts";
import type { Expression } from "../expression/index.ts";
import type { JsonValue } from "../json.ts";

/**
 * A workflow made flat. Runners, exporters and pictures read this and nothing else. Plain data; the same
 * definition gives the same bytes as JSON.
 *
 * Expressions here are resolved: `nodes.X` became `tasks.<task id>`, `item` became `items.<map id>`, params of
 * nested workflows were replaced by what is bound to them, so only the top workflow's `params` remain.
 */
export interface Plan {
  readonly version: 1;
  readonly application: string;
  readonly workflow: string;
  readonly mode: "batch" | "online";
  readonly params: Readonly<Record<string, ParamDefinition>>;
  /** The boxes: the workflow itself (id "") first, then nested ones. */
  readonly groups: readonly PlanGroup[];
  readonly trackers: readonly PlanTracker[];
  /** In topological order; ties in written order. */
  readonly tasks: readonly PlanTask[];
  /** When the workflow runs by itself; those of nested workflows count for these alone. */
  readonly schedules: readonly Schedule[];
}

export interface PlanGroup {
  /** Path of the nested workflow node, such as `train`; "" is the top workflow. */
  readonly id: string;
  readonly workflow: string;
  readonly description: string;
  /** null for the top. */
  readonly parent: string | null;
  /** Id of the tracker its tasks log to. */
  readonly tracker: string;
}

export interface PlanTracker {
  /** "" is the embedded tracker; else the group's id and the tracker node's name, such as `train/tracker-workflow3`. */
  readonly id: string;
  readonly name: string;
  readonly port: number | null;
  readonly group: string;
}

/**
 * A task, or a control point: `entry` opens a nested workflow, `map` opens a fan-out, `choice` takes a branch.
 * Control points do no work and are decided by the engine itself.
 */
export type PlanTask = WorkTask | ChoiceTask | ApprovalTask | LabelingTask | EntryTask | MapTask;

interface TaskBase {
  /** Path of names: `train/softmax`. A task inside a map has `[*]` after the mapped name: `train[*]/fit`. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly group: string;
  /** Ids of the enclosing `map` tasks, outermost first. */
  readonly maps: readonly string[];
  readonly upstreams: readonly PlanEdge[];
  /** All must have been taken for the task to run. */
  readonly guards: readonly Guard[];
  readonly when: Expression | null;
  /**
   * Id of the target of a choice (its task, entry, map or choice) that the task belongs to, when another target takes
   * its place should it fail. A failure is one for the tasks of that target, and allowed for all others and for the run.
   * Of targets within targets it is the innermost.
   */
  readonly spared?: string;
}

export interface PlanEdge {
  readonly task: string;
  /**
   * `data`: an input comes from there; a skip travels along. `value`: an expression reads it. `order`: only the order.
   * Who takes an output of a choice has a `data` edge to the choice, and `order` edges to those targets of the choice
   * that its branches name as this output: they run after the choice has ended.
   */
  readonly kind: "data" | "value" | "order";
  /**
   * `data` edges: always `succeeded`. `value` edges: `succeeded` where the value becomes a parameter or a map's list
   * (a skip travels along), `finished` where a condition reads it (what is missing is null there).
   */
  readonly if: EdgeCondition;
  /** Edges of the same join: one that was produced is enough; none is needed when the input has a fallback. */
  readonly join?: string;
}

export type Guard =
  /** The choice took this branch. */
  | { readonly kind: "branch"; readonly choice: string; readonly branch: number }
  /** The entry or map task was not skipped. */
  | { readonly kind: "entry"; readonly task: string }
  /** A fallback: runs only when every one of these failed: of an entry, map or choice, any task that it opened. */
  | { readonly kind: "fallback"; readonly failed: readonly string[] };

export interface WorkTask extends TaskBase {
  readonly kind: "executor" | "checker" | "service";
  readonly run: Command;
  readonly code: readonly string[];
  readonly inputs: Readonly<Record<string, PlanInput>>;
  readonly outputs: Readonly<Record<string, OutputDefinition>>;
  readonly params: Readonly<Record<string, PlanValue>>;
  readonly environment: Environment;
  readonly resources: Resources;
  readonly placement: Placement;
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  readonly retry: Retry;
  readonly timeout: Timeout;
  readonly cache: boolean;
  readonly allowFailure: boolean;
  readonly failOn: "never" | "warning" | "alarm" | "invalid";
  readonly tracker: string;
  readonly service: ServiceSettings | null;
}

export interface ChoiceTask extends TaskBase {
  readonly kind: "choice";
  readonly branches: readonly PlanBranch[];
}

export interface PlanBranch {
  readonly when: Expression | null;
  /** Ids of the tasks (or entries) that this branch opens. */
  readonly targets: readonly string[];
  readonly outputs: Readonly<Record<string, PlanInput>>;
}

export interface ApprovalTask extends TaskBase {
  readonly kind: "approval";
  readonly message: string;
  readonly inputs: Readonly<Record<string, PlanInput>>;
}

export interface LabelingTask extends TaskBase {
  readonly kind: "labeling";
  readonly message: string;
  readonly inputs: Readonly<Record<string, PlanInput>>;
  readonly outputs: Readonly<Record<string, OutputDefinition>>;
}

export interface EntryTask extends TaskBase {
  readonly kind: "entry";
}

export interface MapTask extends TaskBase {
  readonly kind: "map";
  readonly over: PlanValue;
  /** Most instances at once; null: as resources allow. */
  readonly concurrency: number | null;
}

export type PlanInput =
  | { readonly kind: "file"; readonly path: string }
  | DataInput
  /**
   * The first of these that was produced. From outside a map, the output of a mapped task is a folder with one
   * entry per item, named by its index. The output of a choice is what the branch that was taken names.
   */
  | {
      readonly kind: "output";
      readonly of: readonly { readonly task: string; readonly output: string }[];
      /** The file, by its path, or the data that are taken when none of them was produced. */
      readonly fallback?: string | DataInput;
    };

export type PlanValue =
  | { readonly kind: "literal"; readonly value: JsonValue }
  | { readonly kind: "expression"; readonly expression: Expression };
