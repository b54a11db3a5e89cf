import type { CheckContext, Dataset } from "../../checker/checker.ts";
import { createJsonReader } from "../../json/json-reader.ts";
import { invalidVerdict } from "../../verdict/invalid-verdict.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import { checkPoison } from "./check-poison.ts";

const NUMBERS = ["neighbours", "significance", "minimumShare", "sampleSize"] as const;
const read = createJsonReader(
  "SCANFLOW_CHECK_OPTION_INVALID",
  "The params of the poison checker",
  `Give label, and if need be ${NUMBERS.join(", ")}.`,
);

/**
 * `checkPoison` as a checker. Params: `label` (needed), `neighbours`, `significance`, `minimumShare`, `sampleSize`.
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID when a param is wrong
 */
export async function poisonChecker(
  window: Dataset,
  reference: Dataset | null,
  { params, random }: CheckContext,
): Promise<Verdict> {
  const known: readonly string[] = ["label", ...NUMBERS];
  const unknown = Object.keys(params).find((field) => !known.includes(field));
  if (unknown !== undefined) read.fail(unknown, params[unknown], `one of ${known.join(", ")}`);
  const label = read.text(params.label, "label");
  const numbers = NUMBERS.flatMap((name) =>
    params[name] === undefined ? [] : [[name, read.finite(params[name], name)]],
  );
  if (reference === null)
    return invalidVerdict(
      "integrity",
      "Only a trusted reference shows what was tampered with: give one with labels.",
      label,
    );
  const seed = random("poison").below(2 ** 31);
  return checkPoison(window, reference, { label, seed, ...Object.fromEntries(numbers) });
}
