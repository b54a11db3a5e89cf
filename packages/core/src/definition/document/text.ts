import * as z from "zod";
import type { JsonValue } from "../../json.ts";

/** What may be called what: a letter, then letters, digits, `-` and `_`; at most 63 characters. */
export const NAME_PATTERN = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;

export const NAME_FORM = "1 to 63 letters, digits, - and _, beginning with a letter";

export const description = z.string().optional().describe("What it is for, in a sentence.");

/** Any value that JSON can carry; that it is one was checked before (see `plain.ts`). */
export const json = z.custom<JsonValue>();

export const expressionText = z
  .string()
  .describe("An expression, such as `nodes.evaluate.result.accuracy >= 0.95`.");

/** A mapping from names to values. The form of the names is a rule of its own; editors learn it from here. */
export function mapping<Value extends z.ZodType>(value: Value) {
  return z.record(z.string(), value).meta({ propertyNames: { pattern: NAME_PATTERN.source } });
}

/** Names, each a string. */
export const names = z.array(z.string());

export const port = z.int().min(1).max(65_535);
