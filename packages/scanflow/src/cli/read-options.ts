import { z } from "zod";
import { codedUsageError } from "./usage-error.ts";

/** The options of a call, checked. Errors: SCANFLOW_USAGE. */
export function readOptions<Schema extends z.ZodObject>(
  schema: Schema,
  options: Readonly<Record<string, unknown>>,
): z.output<Schema> {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `--${kebab(path.join("."))}: ${message}`);
  throw codedUsageError(`${problems.join("; ")}. See "scanflow --help".`);
}

/** A positive number, whole or not. */
export const positive = z.coerce.number<string>("must be a number").positive("must be more than 0");

/** A whole number from 1. */
export const ordinal = z.coerce
  .number<string>("must be a number")
  .int("must be a whole number")
  .min(1, "must be 1 or more");

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
