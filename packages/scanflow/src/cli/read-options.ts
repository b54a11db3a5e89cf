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

/** A whole number from 0. */
export const whole = z.coerce
  .number<string>("must be a number")
  .int("must be a whole number")
  .min(0, "must be 0 or more");

const MS_PER_UNIT: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** A time span such as `90s`, `12h`, `30d` or `0`, in milliseconds. */
export const span = z
  .string()
  .regex(/^(0|\d+(\.\d+)?[smhdw])$/, "must be a time such as 90s, 12h, 30d or 2w")
  .transform((text) => Math.round(Number.parseFloat(text) * (MS_PER_UNIT[text.at(-1) ?? ""] ?? 0)));

/** A time span of a millisecond or more. */
export const someTime = span.refine((ms) => ms > 0, "must be a time such as 90s, 12h, 30d or 2w, above 0");

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
