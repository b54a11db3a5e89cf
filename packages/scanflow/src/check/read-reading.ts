import { ScanflowError } from "@scanflow/core";
import * as z from "zod";
import type { CheckInputs } from "./check-spec.ts";

const texts = z.array(z.string());

const Reading = z.strictObject({
  columns: texts.optional(),
  names: texts.optional(),
  header: z.boolean().optional(),
  delimiter: z.string().length(1).optional(),
  nullText: texts.optional(),
  trim: z.boolean().optional(),
  texts: texts.optional(),
  query: z.string().min(1).optional(),
});

/**
 * How data are read, as a workflow says it in the param `read` of a check.
 *
 * @throws ScanflowError SCANFLOW_CHECK_PARAMS
 */
export function readReading(given: unknown): CheckInputs["options"] {
  const parsed = Reading.safeParse(given ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${["read", ...path].join(".")}: ${message}`,
  );
  throw new ScanflowError(
    "SCANFLOW_CHECK_PARAMS",
    `The params of the check say wrongly how data are read (${problems.join("; ")}). Known are ${Object.keys(Reading.shape).join(", ")}.`,
  );
}

/**
 * What the param `seed` says.
 *
 * @throws ScanflowError SCANFLOW_CHECK_PARAMS
 */
export function readSeed(given: unknown): number {
  if (typeof given === "number" && Number.isSafeInteger(given)) return given;
  throw new ScanflowError(
    "SCANFLOW_CHECK_PARAMS",
    `The param "seed" is ${JSON.stringify(given)}: give a whole number.`,
  );
}
