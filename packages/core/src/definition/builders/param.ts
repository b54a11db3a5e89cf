import type { JsonObject, JsonValue } from "../../json.ts";
import type { WorkflowDocument } from "../document/document.ts";
import { atCall } from "./call.ts";
import type { ExpressionValue } from "./reference.ts";

declare const VALUE: unique symbol;

type Definition = Extract<NonNullable<WorkflowDocument["params"]>[string], { type: unknown }>;

/** A parameter of a workflow, with the type of its value and whether it must be given. */
export type ParamSpec<
  Value extends JsonValue = JsonValue,
  Required extends boolean = boolean,
> = Definition & {
  readonly [VALUE]?: readonly [Value, Required];
};

/** What stands in the `params` of a workflow: a spec, or a literal that is the default and gives the type. */
export type ParamSpecs = Readonly<
  Record<string, ParamSpec | string | number | boolean | readonly JsonValue[]>
>;

interface Settings<Value> {
  readonly default?: Value;
  readonly choices?: readonly Value[];
  readonly description?: string;
}

interface NumberSettings extends Settings<number> {
  /** The least value. */
  readonly min?: number;
  /** The greatest value. */
  readonly max?: number;
}

interface Given<Value> {
  readonly default: Value;
}

/** A text parameter; without a default it must be given. */
export function string(settings: Settings<string> & Given<string>): ParamSpec<string, false>;
export function string(settings?: Settings<string>): ParamSpec<string, true>;
export function string(settings: Settings<string> = {}): ParamSpec<string> {
  return Object.freeze(atCall(string, { type: "string", ...settings }));
}

/** A whole number; without a default it must be given. */
export function integer(settings: NumberSettings & Given<number>): ParamSpec<number, false>;
export function integer(settings?: NumberSettings): ParamSpec<number, true>;
export function integer(settings: NumberSettings = {}): ParamSpec<number> {
  return Object.freeze(atCall(integer, { type: "integer", ...settings }));
}

/** A number; without a default it must be given. */
export function number(settings: NumberSettings & Given<number>): ParamSpec<number, false>;
export function number(settings?: NumberSettings): ParamSpec<number, true>;
export function number(settings: NumberSettings = {}): ParamSpec<number> {
  return Object.freeze(atCall(number, { type: "number", ...settings }));
}

/** True or false; without a default it must be given. */
export function boolean(settings: Settings<boolean> & Given<boolean>): ParamSpec<boolean, false>;
export function boolean(settings?: Settings<boolean>): ParamSpec<boolean, true>;
export function boolean(settings: Settings<boolean> = {}): ParamSpec<boolean> {
  return Object.freeze(atCall(boolean, { type: "boolean", ...settings }));
}

/** A list of any values; without a default it must be given. */
export function list(
  settings: Settings<readonly JsonValue[]> & Given<readonly JsonValue[]>,
): ParamSpec<readonly JsonValue[], false>;
export function list(settings?: Settings<readonly JsonValue[]>): ParamSpec<readonly JsonValue[], true>;
export function list(settings: Settings<readonly JsonValue[]> = {}): ParamSpec<readonly JsonValue[]> {
  return Object.freeze(atCall(list, { type: "list", ...settings }));
}

/** A mapping from names to any values; without a default it must be given. */
export function object(settings: Settings<JsonObject> & Given<JsonObject>): ParamSpec<JsonObject, false>;
export function object(settings?: Settings<JsonObject>): ParamSpec<JsonObject, true>;
export function object(settings: Settings<JsonObject> = {}): ParamSpec<JsonObject> {
  return Object.freeze(atCall(object, { type: "object", ...settings }));
}

/** The type of a parameter's value. */
export type ParamTypeOf<Spec> =
  Spec extends ParamSpec<infer Value>
    ? Value
    : Spec extends readonly JsonValue[]
      ? readonly JsonValue[]
      : Widened<Spec>;

type Widened<Literal> = Literal extends string
  ? string
  : Literal extends number
    ? number
    : Literal extends boolean
      ? boolean
      : JsonValue;

/** The names of the parameters that must be given. */
export type RequiredParams<Specs extends ParamSpecs> = {
  [Name in keyof Specs]: Specs[Name] extends ParamSpec<JsonValue, infer Required>
    ? true extends Required
      ? Name
      : never
    : never;
}[keyof Specs];

/** What a nested workflow is given. */
export type ParamBindings<Specs extends ParamSpecs> = {
  readonly [Name in RequiredParams<Specs>]:
    | ParamTypeOf<Specs[Name]>
    | ExpressionValue<ParamTypeOf<Specs[Name]>>;
} & {
  readonly [Name in Exclude<keyof Specs, RequiredParams<Specs>>]?:
    | ParamTypeOf<Specs[Name]>
    | ExpressionValue<ParamTypeOf<Specs[Name]>>;
};
