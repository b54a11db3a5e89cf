import type { JsonValue } from "../../json.ts";
import type { EdgeCondition } from "../definition.ts";
import type { NodeDocument } from "../document/document.ts";
import { conditionText } from "./expression.ts";
import type { NodeHandle } from "./handle.ts";
import type { ExpressionValue } from "./reference.ts";
import type { InputValue } from "./value.ts";

/** What every node that becomes a task may have. */
export interface SharedOptions {
  readonly description?: string;
  /** Runs only when this is true; else the node is skipped. */
  readonly when?: string | ExpressionValue;
  /** Nodes that must have ended first, without handing anything over; a choice with all that it chose. */
  readonly after?: readonly (NodeHandle | { readonly node: NodeHandle; readonly if: EdgeCondition })[];
}

/** Where the inputs of a node come from, by their names. */
export type InputOptions = Readonly<Record<string, InputValue>>;

/** Values for parameters. An object that has no key but `expression` or `literal` is written `{literal: …}`. */
export type ParamOptions = Readonly<Record<string, JsonValue | ExpressionValue>>;

/** How a node is run once per item; the item is `item` in its params. */
export type MapOptions =
  | { readonly over: readonly JsonValue[] | ExpressionValue; readonly concurrency?: number }
  | { readonly sweep: Readonly<Record<string, readonly JsonValue[]>>; readonly concurrency?: number };

/** Names of outputs, or settings by name. */
export type OutputOptions = NonNullable<NodeDocument<"executor">["outputs"]>;

export type OutputNames<Options extends OutputOptions> = Options extends readonly (infer Name extends
  string)[]
  ? Name
  : keyof Options & string;

type Settings = Pick<
  NodeDocument<"executor">,
  | "run"
  | "code"
  | "environment"
  | "resources"
  | "placement"
  | "retry"
  | "timeout"
  | "cache"
  | "env"
  | "secrets"
  | "allowFailure"
>;

/** What executors, checkers and services may have. */
export interface RunnableOptions<Outputs extends OutputOptions> extends SharedOptions, Settings {
  readonly inputs?: InputOptions;
  readonly outputs?: Outputs;
  readonly params?: ParamOptions;
  readonly map?: MapOptions;
}

type WrittenShared = Pick<NodeDocument<"executor">, "when" | "after">;

/** The options as they stand in a document: conditions as text, nodes by name. */
export function written<Options extends SharedOptions>(
  options: Options,
): Omit<Options, "when" | "after"> & WrittenShared {
  const { when, after, ...rest } = options;
  return {
    ...rest,
    ...(when !== undefined && { when: conditionText(when) }),
    ...(after !== undefined && { after: after.map(edge) }),
  };
}

function edge(of: NodeHandle | { readonly node: NodeHandle; readonly if: EdgeCondition }) {
  return "node" in of ? { node: of.node.name, if: of.if } : of.name;
}

export function outputNames<Options extends OutputOptions>(
  outputs: Options | undefined,
): OutputNames<Options>[] {
  const names = Array.isArray(outputs) ? outputs : Object.keys(outputs ?? {});
  return names as OutputNames<Options>[];
}
