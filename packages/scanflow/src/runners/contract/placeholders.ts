import { type JsonValue, ScanflowError } from "@scanflow/core";
import type { AttemptSpec } from "../runner.ts";
import type { Places } from "./places.ts";
import { valueText } from "./value-text.ts";

/** `{{inputs.x}}`, `{{outputs.x}}`, `{{params.x}}`, `{{item}}`, `{{item.x}}`. Other braces are left as they are. */
export const placeholder = /\{\{\s*(?:(inputs|outputs|params)\.([^\s{}]+)|item(?:\.([^\s{}]+))?)\s*\}\}/g;

export type Values = Pick<AttemptSpec, "task" | "params" | "item"> & { readonly places: Places };

/** The text that stands for a match of `placeholder`. Throws `SCANFLOW_COMMAND_INVALID` when there is none. */
export function placeholderValue(match: readonly (string | undefined)[], values: Values): string {
  const [text, kind, name = "", itemPath] = match;
  const found =
    kind === "inputs" || kind === "outputs"
      ? values.places[kind][name]
      : kind === "params"
        ? lookUp(values.params, name)
        : itemPath === undefined
          ? values.item
          : lookUp(values.item, itemPath);
  if (found !== undefined) return valueText(found);
  const known =
    kind === undefined
      ? values.item === undefined
        ? "the task is not inside a map"
        : `the item is ${JSON.stringify(values.item).slice(0, 200)}`
      : `it has ${namesOf(kind, values).join(", ") || "none"}`;
  throw new ScanflowError(
    "SCANFLOW_COMMAND_INVALID",
    `The command of task "${values.task}" has ${text}, but ${known}. Correct the name or declare it.`,
  );
}

function namesOf(kind: string, { places, params }: Values): string[] {
  if (kind === "inputs") return Object.keys(places.inputs);
  return Object.keys(kind === "outputs" ? places.outputs : params);
}

/** By the whole name, else by its parts: `a.b` is the field `a.b`, or `b` of `a`. */
function lookUp(value: JsonValue | undefined, path: string): JsonValue | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Object.hasOwn(value, path)) return (value as Record<string, JsonValue>)[path];
  const dot = path.indexOf(".");
  if (dot < 0) return undefined;
  return lookUp(lookUp(value, path.slice(0, dot)), path.slice(dot + 1));
}
