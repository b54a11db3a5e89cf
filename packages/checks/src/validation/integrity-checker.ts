import type { CheckContext, Dataset } from "../checker/checker.ts";
import { checkerParams } from "../checker/checker-params.ts";
import { ChecksError } from "../errors.ts";
import { invalidVerdict } from "../verdict/invalid-verdict.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { inferSchema } from "./infer-schema.ts";
import { parseSchema } from "./parse-schema.ts";
import type { Schema } from "./schema.ts";
import { validate } from "./validate.ts";

/**
 * `validate` as a checker. Params: `schema`, a schema document; without it the schema is inferred from the reference,
 * with `label` as the column to be predicted.
 *
 * @throws ChecksError SCANFLOW_SCHEMA_INVALID when the schema is wrong
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID when another param is
 */
export async function integrityChecker(
  window: Dataset,
  reference: Dataset | null,
  context: CheckContext,
): Promise<Verdict> {
  const params = checkerParams(context, "Give schema, label, or neither.");
  const [given, label] = [params.given("schema"), params.text("label")];
  params.refuseOthers();
  try {
    const schema = given === undefined ? await inferred(reference, label) : parseSchema(given);
    if (schema === null)
      return invalidVerdict(
        "integrity",
        "There are no rules to hold the data against: give a schema, or a reference to infer it from.",
      );
    return await validate(window, schema, { reference });
  } catch (error) {
    if (error instanceof ChecksError && error.code === "SCANFLOW_COLUMN_INVALID")
      return invalidVerdict("integrity", error.message);
    throw error;
  }
}

async function inferred(reference: Dataset | null, label: string | undefined): Promise<Schema | null> {
  if (reference === null) return null;
  const { rows } = await reference.profile();
  if (rows === 0) return null;
  return inferSchema(reference, label === undefined ? {} : { label });
}
