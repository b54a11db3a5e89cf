import * as z from "zod";

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

const MS_PER_UNIT: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const FORM = 'a duration: milliseconds as a number, or text such as "30s", "5m", "1.5h"';

/** The longest delay that the timers of Node and of browsers keep: about 24.8 days. */
const LONGEST_MS = 2 ** 31 - 1;
const TOO_LONG = "expected at most 24 days";

const text = z
  .string()
  .regex(DURATION, `expected ${FORM}`)
  .refine((written) => !DURATION.test(written) || milliseconds(written) <= LONGEST_MS, TOO_LONG);

export const duration = z
  .union([z.number().min(0).max(LONGEST_MS, TOO_LONG), text], { error: `expected ${FORM}` })
  .describe('Milliseconds, or text with a unit: "250ms", "30s", "5m", "1.5h", "2d".')
  .meta({ id: "Duration" });

/** Whole milliseconds of a duration that the schema accepts. */
export function milliseconds(written: number | string): number {
  if (typeof written === "number") return Math.round(written);
  const [, digits = "0", unit = "ms"] = DURATION.exec(written) ?? [];
  return Math.round(Number(digits) * (MS_PER_UNIT[unit] ?? 1));
}
