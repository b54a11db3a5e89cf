import type { JsonValue } from "../../json.ts";
import type { MapDefinition, ParamDefinition, ParamType, ParamValue } from "../definition.ts";
import type { NodeDocument, WorkflowDocument } from "../document/document.ts";
import { at, type Reading, readMapping } from "./context.ts";
import { DEFINITION_DEFAULTS } from "./defaults.ts";
import { readExpression, UNREAD } from "./expression.ts";

type WrittenDefinition = NonNullable<WorkflowDocument["params"]>[string];
type WrittenMap = NonNullable<NodeDocument<"executor">["map"]>;

/** Parameters of a workflow. */
export function readParamDefinitions(written: WorkflowDocument["params"]): Record<string, ParamDefinition> {
  return readMapping(written, readParamDefinition);
}

function readParamDefinition(written: WrittenDefinition): ParamDefinition {
  if (typeof written !== "object" || !("type" in written)) {
    return { type: typeOf(written), default: written, choices: null, min: null, max: null, description: "" };
  }
  const { type, choices = null, min = null, max = null, description = "" } = written;
  const given = written.default === undefined ? {} : { default: written.default };
  return { type, ...given, choices, min, max, description };
}

function typeOf(value: string | number | boolean | readonly JsonValue[]): ParamType {
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return "list";
}

/** Parameters of a node. */
export function readParams(
  written: Readonly<Record<string, JsonValue>> | undefined,
  reading: Reading,
): Record<string, ParamValue> {
  return readMapping(written, (value, name) => readParamValue(value, at(reading, "params", name)));
}

function readParamValue(written: JsonValue, reading: Reading): ParamValue {
  const [key, value] = onlyEntry(written);
  if (key === "literal" && value !== undefined) return { kind: "literal", value };
  if (key !== "expression") return { kind: "literal", value: written };
  if (typeof value === "string") return readComputed(value, at(reading, "expression"));
  const message =
    "expected an expression as text; an object with this key is written {literal: {expression: …}}";
  reading.report({ code: "SCANFLOW_DOCUMENT_INVALID", message, path: [...reading.path, "expression"] });
  return { kind: "expression", expression: UNREAD };
}

function onlyEntry(value: JsonValue): readonly [] | readonly [string, JsonValue] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  const entries = Object.entries(value);
  return entries.length === 1 ? (entries[0] ?? []) : [];
}

function readComputed(text: string, reading: Reading): ParamValue {
  return { kind: "expression", expression: readExpression(text, reading) ?? UNREAD };
}

export function readMap(written: WrittenMap | undefined, reading: Reading): MapDefinition | null {
  if (written === undefined) return null;
  const { concurrency = DEFINITION_DEFAULTS.map.concurrency } = written;
  if ("sweep" in written) return { kind: "sweep", sweep: written.sweep, concurrency };
  const { over } = written;
  const list: ParamValue =
    "expression" in over
      ? readComputed(over.expression, at(reading, "map", "over", "expression"))
      : { kind: "literal", value: over };
  return { kind: "over", over: list, concurrency };
}
