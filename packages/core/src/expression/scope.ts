import type { JsonObject, JsonValue } from "../json.ts";
import type { ValueType } from "./value-type.ts";

/** What a task left behind; a skipped task has a status and no values. */
export interface TaskValues {
  readonly status: string;
  readonly result: JsonValue;
  /** Numbers; lists of them where the task is seen from outside its map. */
  readonly metrics: JsonObject;
}

/** Where `evaluate` finds the values of references. */
export interface Scope {
  readonly params: JsonObject;
  /** By task id; undefined when nothing is known of the task: its values and status are null. */
  readonly task: (id: string) => TaskValues | undefined;
  readonly device: DeviceFacts;
  /** By map id; undefined when there is no such item: null. */
  readonly item: (mapId: string) => JsonValue | undefined;
}

/** Facts about the machine that runs the work. */
export interface DeviceFacts {
  /** What the owner calls this kind of machine, such as `laptop` or `typeA`. */
  readonly kind: string;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  readonly gpus: number;
  /** As Node names it: `linux`, `darwin`, `win32`. */
  readonly platform: string;
  /** As Node names it: `x64`, `arm64`. */
  readonly arch: string;
}

/** Types of the facts that `device.` offers. */
export const DEVICE_TYPES: Readonly<Record<keyof DeviceFacts, ValueType>> = {
  kind: "string",
  cpus: "number",
  memory: "number",
  gpus: "number",
  platform: "string",
  arch: "string",
};

/** What `checkTypes` knows about a node or task. */
export interface NodeTypes {
  /** Type of its result; unknown when not declared. */
  readonly result?: ValueType;
  /** Names of its metrics; when absent, any name is taken for a metric. */
  readonly metrics?: readonly string[];
}

/** The names that an expression may use, with their types. */
export interface TypeScope {
  readonly params: Readonly<Record<string, ValueType>>;
  /** The nodes that may be referred to, in an expression of a definition. */
  readonly nodes?: Readonly<Record<string, NodeTypes>>;
  /** The tasks that may be referred to, in an expression of a plan. */
  readonly tasks?: Readonly<Record<string, NodeTypes>>;
  /** Type of the item; absent where there is no map. */
  readonly item?: ValueType;
  /** Types of the items by map id, in an expression of a plan. */
  readonly items?: Readonly<Record<string, ValueType>>;
}
