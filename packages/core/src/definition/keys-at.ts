import * as z from "zod";
import type { Path } from "./problem.ts";

/** The keys that a schema knows at a path, those of all forms of a union together. */
export function keysAt(schema: z.core.$ZodType, path: Path): readonly string[] {
  const keys = schemasAt(schema, path).flatMap((inner) =>
    inner instanceof z.ZodObject ? Object.keys(inner.shape) : [],
  );
  return [...new Set(keys)];
}

function schemasAt(schema: z.core.$ZodType, path: Path): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional) return schemasAt(schema.unwrap(), path);
  if (schema instanceof z.ZodUnion) {
    return schema.options.flatMap((option: z.core.$ZodType) => schemasAt(option, path));
  }
  const [key, ...rest] = path;
  if (key === undefined) return [schema];
  if (schema instanceof z.ZodObject && typeof key === "string") {
    const inner = Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined;
    return inner ? schemasAt(inner, rest) : [];
  }
  if (schema instanceof z.ZodRecord) return schemasAt(schema.valueType, rest);
  if (schema instanceof z.ZodArray) return schemasAt(schema.element, rest);
  return [];
}
