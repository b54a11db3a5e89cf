import type { PlannedField } from "./plan.ts";
import type { FieldType } from "./types.ts";

type Json = Readonly<Record<string, unknown>>;

/** What is asked of an answer of the REST API, under the names of GraphQL; what it lacks is null. */
export function project(answer: Json, fields: readonly PlannedField[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.map(({ key, name, type, parent, below }) => {
      if (!type) return [key, parent];
      return [key, complete(answer[snakeCase(name)], type, below)];
    }),
  );
}

function complete(value: unknown, type: FieldType, below: readonly PlannedField[]): unknown {
  if (type.list) return Array.isArray(value) ? value.map((one) => completeOne(one, type, below)) : [];
  return completeOne(value, type, below);
}

function completeOne(value: unknown, type: FieldType, below: readonly PlannedField[]): unknown {
  if (value === undefined || value === null) return null;
  if (type.kind === "type") return project(value as Json, below);
  if (type.kind === "long") return String(value);
  // GraphQL's floats know no NaN.
  if (type.kind === "float") return typeof value === "number" ? value : null;
  return value;
}

/** `runUuid` is `run_uuid` in the REST API. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
